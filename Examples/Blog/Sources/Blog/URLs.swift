public import Martlet

/// The blog's addresses.
public let blogURLs = URLs(namespace: "blog") {
    path("", postList, name: "post-list").methods(.get)
    path("posts/<shortuuid:id>/", postDetail, name: "post-detail").methods(.get)
    path("posts/<shortuuid:id>/comments/", commentCreate, name: "comment-create").methods(.post)
        .openToAll(because: "readers have no accounts")
    path("tags/<slug:slug>/", tagDetail, name: "tag-detail").methods(.get)
    path("archive/", archive, name: "archive").methods(.get)
    path("archive/<int:year>/", archiveYear, name: "archive-year").methods(.get)
    path("api/posts/", apiPostList, name: "api-post-list").methods(.get)
    path("api/posts/<shortuuid:id>/", apiPostDetail, name: "api-post-detail").methods(.get)
}
