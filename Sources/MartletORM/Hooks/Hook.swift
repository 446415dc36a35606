/// Something that is to happen when rows of a model are saved, deleted or linked: Django's signals, typed.
///
/// ```swift
/// let hooks = Hooks(
///     .beforeSave(Post.self) { post, _ in post.slug = slugify(post.title) },
///     .afterSave(Post.self) { post, save in
///         if save.isNew { afterCommit { try await announce(post) } }
///     },
///     .linksChanged(\Post.tags) { change in
///         if change.action == .didAdd { await tagCloud.forget(change.targets) }
///     }
/// )
/// ```
///
/// Hooks run in their order, on the task that writes and in its transaction; an error of one ends what it was about.
/// `update`, `createMany`, `updateMany` and what a delete sets or clears in other rows call none, as in Django.
///
/// Source: [Django's model signals](https://docs.djangoproject.com/en/5.2/ref/signals/#module-django.db.models.signals).
public struct Hook: Sendable {
    let enter: @Sendable (inout Hooks) -> Void

    /// Before a row is written; the hook may change it.
    public static func beforeSave<M: Model>(
        _ model: M.Type, _ body: @escaping @Sendable (inout M, SaveEvent) async throws -> Void
    ) -> Hook {
        Hook { hooks in hooks.change(M.self) { $0.beforeSave.append(body) } }
    }

    /// After a row was written; the row is as it is stored.
    public static func afterSave<M: Model>(
        _ model: M.Type, _ body: @escaping @Sendable (M, SaveEvent) async throws -> Void
    ) -> Hook {
        Hook { hooks in hooks.change(M.self) { $0.afterSave.append(body) } }
    }

    /// Before a row is deleted, also by a cascade.
    public static func beforeDelete<M: Model>(
        _ model: M.Type, _ body: @escaping @Sendable (M, DeleteEvent) async throws -> Void
    ) -> Hook {
        Hook { hooks in hooks.change(M.self) { $0.beforeDelete.append(body) } }
    }

    /// After a row was deleted, also by a cascade.
    public static func afterDelete<M: Model>(
        _ model: M.Type, _ body: @escaping @Sendable (M, DeleteEvent) async throws -> Void
    ) -> Hook {
        Hook { hooks in hooks.change(M.self) { $0.afterDelete.append(body) } }
    }

    /// Before and after the links of a many-to-many relation are changed, from whichever side.
    public static func linksChanged<M: Model, To: Model>(
        _ property: any KeyPath<M, ManyToMany<To>> & Sendable,
        _ body: @escaping @Sendable (LinkChange<M, To>) async throws -> Void
    ) -> Hook {
        let name = Field<M>.propertyName(property)
        return Hook { hooks in
            hooks.change(M.self) { hooks in
                let others = hooks.links[name] as? Hooks.LinkListeners<M, To>
                hooks.links[name] = Hooks.LinkListeners<M, To>(bodies: (others?.bodies ?? []) + [body])
            }
        }
    }

    /// Several hooks as one, such as what a package needs of a model.
    public static func all(_ hooks: Hook...) -> Hook {
        Hook { all in for hook in hooks { hook.enter(&all) } }
    }
}
