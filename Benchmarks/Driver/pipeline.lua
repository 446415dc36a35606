-- Sixteen requests in one write, as a client that pipelines sends them.
init = function(args)
    local requests = {}
    for number = 1, 16 do requests[number] = wrk.format("GET", wrk.path) end
    pipelined = table.concat(requests)
end

request = function() return pipelined end
