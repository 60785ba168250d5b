// Generated from the OpenAPI document by `pnpm generate:client`: change the schemas in packages/contracts/src/api instead.

export interface paths {
    "/anthropic/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished
         * @description Stored as one of `ANTHROPIC`. Session, user and properties are headers, or stand in `meta`. At most 10 MiB, compressed or not.
         */
        post: operations["postAnthropicV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custom/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished
         * @description Stored as one of the provider that the body names, else `CUSTOM`. Session, user and properties are headers, or stand in `meta`. At most 10 MiB, compressed or not.
         */
        post: operations["postCustomV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/googleapis/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished
         * @description Stored as one of `GOOGLE`. Session, user and properties are headers, or stand in `meta`. At most 10 MiB, compressed or not.
         */
        post: operations["postGoogleapisV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oai/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished
         * @description Stored as one of `OPENAI`. Session, user and properties are headers, or stand in `meta`. At most 10 MiB, compressed or not.
         */
        post: operations["postOaiV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the tenant, without the keys themselves */
        get: operations["getApiKeys"];
        put?: never;
        /** Make a key, or the successor of one */
        post: operations["postApiKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a key: it lets nobody in from now on */
        delete: operations["deleteApiKeysByApiKeyId"];
        options?: never;
        head?: never;
        /** Rename a key, or set when it expires */
        patch: operations["patchApiKeysByApiKeyId"];
        trace?: never;
    };
    "/v1/dashboard/scores/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sums of scores over time */
        post: operations["postDashboardScoresQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rate a request, as older clients do */
        post: operations["postFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The key that the call is made with, and what it may do */
        get: operations["getKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events: what was recorded has changed, and so have the sessions that are named */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a key from the token of a link that was printed where Throughline runs; each works once */
        post: operations["postLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/activeUsers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many different users */
        post: operations["postMetricsActiveUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/averageLatency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mean latency, ms */
        post: operations["postMetricsAverageLatency"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/averageTimeToFirstToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mean time to the first token, ms, where it is known */
        post: operations["postMetricsAverageTimeToFirstToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/averageTokensPerRequest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mean tokens of a request, where they are known */
        post: operations["postMetricsAverageTokensPerRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/costOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** USD over time */
        post: operations["postMetricsCostOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/country": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Always empty: countries are not looked up */
        post: operations["postMetricsCountry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/errorOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Failed requests over time */
        post: operations["postMetricsErrorOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/latencyOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mean latency over time */
        post: operations["postMetricsLatencyOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the requests of each model come to, most requests first */
        post: operations["postMetricsModels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/quantiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Quantiles of a figure over time */
        post: operations["postMetricsQuantiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/requestCount": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many different request ids, whenever they were */
        post: operations["postMetricsRequestCount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/requestOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests over time */
        post: operations["postMetricsRequestOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/requestStatusOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests by status, over time */
        post: operations["postMetricsRequestStatusOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/threatsOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests that were blocked as threats */
        post: operations["postMetricsThreatsOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/timeToFirstToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mean time to the first token, over time */
        post: operations["postMetricsTimeToFirstToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/tokensOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tokens over time */
        post: operations["postMetricsTokensOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/totalCost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** USD of all requests whose cost is known */
        post: operations["postMetricsTotalCost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/totalRequests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many requests */
        post: operations["postMetricsTotalRequests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/totalThreats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many requests were blocked as threats */
        post: operations["postMetricsTotalThreats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics/usersOverTime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Different users over time */
        post: operations["postMetricsUsersOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/{propertyKey}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Values of a property that contain a text, 25 at most */
        post: operations["postPropertyByPropertyKeySearch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/{propertyKey}/top-costs/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The ten values of a property that cost most, and all others together */
        post: operations["postPropertyByPropertyKeyTopCostsQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/{propertyKey}/top-requests/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The ten values of a property with most requests, and all others together */
        post: operations["postPropertyByPropertyKeyTopRequestsQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/hidden/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keys of properties that are hidden */
        post: operations["postPropertyHiddenQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/hide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a key out of the list of properties */
        post: operations["postPropertyHide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/properties/over-time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cost and requests by the value of a property, over time */
        post: operations["postPropertyPropertiesOverTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keys of properties, without the hidden ones */
        post: operations["postPropertyQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/property/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List a hidden key again */
        post: operations["postPropertyRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replay/{replayId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a replay stands, or server-sent events of it, from the first on */
        get: operations["getReplayByReplayId"];
        put?: never;
        post?: never;
        /** Cancels a replay: no further step begins, and those under way are given up */
        delete: operations["deleteReplayByReplayId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request, with its bodies if asked */
        get: operations["getRequestByRequestId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}/body": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bodies of a request, by its `signed_body_url`, without a key */
        get: operations["getRequestByRequestIdBody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rate a request */
        post: operations["postRequestByRequestIdFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}/inputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Inputs of a stored prompt, which are not recorded here */
        get: operations["getRequestByRequestIdInputs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}/property": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set a property of a request */
        put: operations["putRequestByRequestIdProperty"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/{requestId}/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score a request */
        post: operations["postRequestByRequestIdScore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/count/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many requests the same body selects */
        post: operations["postRequestCountQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests that make a filter true, a page at a time, with their bodies where these are small */
        post: operations["postRequestQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/query-clickhouse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests that make a filter true, a page at a time, with their bodies where these are small */
        post: operations["postRequestQueryClickhouse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/request/query-ids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The requests with these ids, in this order, without those that are not known */
        post: operations["postRequestQueryIds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session, as of now, with the tree of its paths */
        get: operations["getSessionBySessionId"];
        put?: never;
        post?: never;
        /** Delete a session: its requests, bodies and totals */
        delete: operations["deleteSessionBySessionId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/diff/{otherSessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In what a session (b, the second) differs from another (a): figures, then step by step, with texts */
        get: operations["getSessionBySessionIdDiffByOtherSessionId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session with everything that is recorded of it, as a file that an import reads */
        get: operations["getSessionBySessionIdExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rate a session */
        post: operations["postSessionBySessionIdFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the steps of a session once more, into a new one; with dryRun says what that would be */
        post: operations["postSessionBySessionIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests of a session in the order in which they began */
        get: operations["getSessionBySessionIdRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score a session */
        post: operations["postSessionBySessionIdScore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every request of a session in few bytes, column by column, or those that came since the last answer */
        get: operations["getSessionBySessionIdSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/{sessionId}/tag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tag of a session */
        get: operations["getSessionBySessionIdTag"];
        put?: never;
        /** Tag a session, in place of the tag that it had */
        post: operations["postSessionBySessionIdTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/contrast/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** In what two groups of sessions differ, and by how much */
        post: operations["postSessionContrastQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many sessions the same body selects, their cost and means */
        post: operations["postSessionCount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The selected sessions, newest first, or all their requests, as a file that is written while it is read */
        post: operations["postSessionExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/facets/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many of the selected sessions have each name, model, user …, and how their figures are distributed */
        post: operations["postSessionFacetsQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/flow/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** From which step to which the selected sessions go, position by position */
        post: operations["postSessionFlowQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/funnel/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many of the selected sessions take some steps in order, and after which they stop */
        post: operations["postSessionFunnelQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/has-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is any session */
        get: operations["getSessionHasSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record the session of a file that was exported, here or elsewhere */
        post: operations["postSessionImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/metrics/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the selected sessions come to, and how requests, seconds and cost are distributed among them */
        post: operations["postSessionMetricsQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/name/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Names of sessions, last used first */
        post: operations["postSessionNameQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/over-time/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the selected sessions come to, by the interval in which they began */
        post: operations["postSessionOverTimeQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/path/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What each path comes to in the selected sessions: the dearest, the slowest, those that fail */
        post: operations["postSessionPathQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sessions that have a matching request in the window, a page at a time */
        post: operations["postSessionQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done with keys and tenants, newest first */
        get: operations["getSystemAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that could not be processed, the newest thousand, newest first */
        get: operations["getSystemDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/dead-letters/{partition}/{offset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event that could not be processed: what can be read of it, and how it begins */
        get: operations["getSystemDeadLettersByPartitionByOffset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/dead-letters/{partition}/{offset}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try it again, as a new event */
        post: operations["postSystemDeadLettersByPartitionByOffsetReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of the events of the last minutes, of all tenants */
        get: operations["getSystemLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/ledger/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare everything accepted, logged, stored and totalled: reads whole tables, one audit at a time */
        post: operations["postSystemLedgerAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions, sizes, how far everything has come, and what does not answer */
        get: operations["getSystemStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/anthropic/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/anthropic/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceAnthropicLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/anthropic/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/anthropic/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceAnthropicV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/custom/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/custom/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceCustomLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/custom/log/typed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, mistakes listed field by field
         * @description Times are texts, `meta` and `headers` required, and one of `json` and `textBody`. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceCustomLogTyped"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/custom/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/custom/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceCustomV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/googleapis/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/googleapis/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceGoogleapisLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/googleapis/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/googleapis/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceGoogleapisV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Spans of OpenTelemetry
         * @description OTLP over HTTP. What is read of them, and the bounds of an export, are in `docs/logging.md`.
         */
        post: operations["postTraceLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/log-python": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Spans of OpenTelemetry
         * @description OTLP over HTTP. What is read of them, and the bounds of an export, are in `docs/logging.md`.
         */
        post: operations["postTraceLogPython"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/oai/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/oai/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceOaiLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace/oai/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a call that is finished, with the answers of the API
         * @description As `/oai/v1/log`; times may be texts. At most 10 MiB, compressed or not.
         */
        post: operations["postTraceOaiV1Log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Spans of OpenTelemetry
         * @description OTLP over HTTP. What is read of them, and the bounds of an export, are in `docs/logging.md`.
         */
        post: operations["postTraces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/user/{userId}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete all requests of a user */
        delete: operations["deleteUserByUserIdData"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/user/metrics-overview/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How requests and cost are distributed among the selected users */
        post: operations["postUserMetricsOverviewQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/user/metrics/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Users and what their requests come to, a page at a time */
        post: operations["postUserMetricsQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/user/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the requests of some users, or of all, come to; 100 users at most */
        post: operations["postUserQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Saved views, by name */
        get: operations["getViews"];
        put?: never;
        /** Save a view under a name of its own */
        post: operations["postViews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/{viewId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give a view another name, another place, or both */
        put: operations["putViewsByViewId"];
        post?: never;
        /** Delete a view */
        delete: operations["deleteViewsByViewId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks of the tenant, newest first, without their keys */
        get: operations["getWebhooks"];
        put?: never;
        /** Be told of calls with `Helicone-Webhook-Enabled: true` from now on */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a webhook: nothing more is sent there */
        delete: operations["deleteWebhooksByWebhookId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of the last deliveries to a webhook, those of the newest calls first */
        get: operations["getWebhooksByWebhookIdDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiKey: {
            api_key_name: string;
            created_at: components["schemas"]["Timestamp"];
            /** @description Null: valid until it is deleted */
            expires_at: components["schemas"]["Timestamp"] | null;
            /** @description The last characters of the key */
            hint: string;
            id: string;
            /** @description It comes with the configuration, and is changed there */
            is_bootstrap: boolean;
            /** @description One, or several with commas */
            key_permissions: string;
            last_used_at: components["schemas"]["Timestamp"] | null;
        };
        Bodies: {
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            request: unknown;
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            response: unknown;
        };
        /** @description True or false */
        BooleanCondition: {
            equals?: boolean;
        };
        /** @description `absolute`: b less a. `ratio`: b by a, 1 where both are 0. Null where one is not known; ratio also where a is 0 */
        ComparedChange: {
            avg_latency: {
                absolute: number | null;
                ratio: number | null;
            };
            completion_tokens: {
                absolute: number | null;
                ratio: number | null;
            };
            cost: {
                absolute: number | null;
                ratio: number | null;
            };
            duration: {
                absolute: number | null;
                ratio: number | null;
            };
            errors: {
                absolute: number | null;
                ratio: number | null;
            };
            p95_latency: {
                absolute: number | null;
                ratio: number | null;
            };
            prompt_tokens: {
                absolute: number | null;
                ratio: number | null;
            };
            requests: {
                absolute: number | null;
                ratio: number | null;
            };
            tokens: {
                absolute: number | null;
                ratio: number | null;
            };
        };
        /** @description USD, ms and counts; null where it is not known. Tokens are prompt and completion */
        ComparedTotals: {
            avg_latency: number | null;
            completion_tokens: number | null;
            cost: number | null;
            duration: number | null;
            errors: number | null;
            p95_latency: number | null;
            prompt_tokens: number | null;
            requests: number | null;
            tokens: number | null;
        };
        ContrastFeature: {
            a: {
                sessions: number;
                share: number;
            };
            b: {
                sessions: number;
                share: number;
            };
            /** @description Share of a minus share of b */
            difference: number;
            /** @description Cohen's h, from −π to π */
            effect: number;
            /** @description What selects the sessions that have it; null where `pattern` does */
            filter: {
                [key: string]: unknown;
            } | null;
            /** @description Of the difference, 95% */
            interval: [
                number,
                number
            ];
            /** @description Of a property; null for other kinds */
            key: string | null;
            /** @enum {string} */
            kind: "path" | "model" | "provider" | "status" | "property" | "requests";
            /** @description Share of a to share of b; null where that is 0 */
            lift: number | null;
            pattern: components["schemas"]["SessionPatternOutput"] | null;
            value: string;
        };
        ContrastFigures: {
            mean: number;
            /** @description Within 1% */
            p50: number;
            /** @description Within 1% */
            p95: number;
        };
        ContrastGroup: {
            /** @description What selects it among the selected sessions; null where the body says which they are */
            filter: {
                [key: string]: unknown;
            } | null;
            sessions: number;
            /** @description Of these, stored before paths were kept */
            sessions_without_paths: number;
        };
        ContrastMetric: {
            /** @description Null without sessions */
            a: components["schemas"]["ContrastFigures"] | null;
            /** @description Null without sessions */
            b: components["schemas"]["ContrastFigures"] | null;
            /** @description Mean of a minus mean of b */
            difference: number | null;
            /** @description Cliff's delta, values within 1% being equal */
            effect: number | null;
            /** @description Of the difference, 95%; null for fewer than two sessions in a group */
            interval: [
                number,
                number
            ] | null;
            /** @enum {string} */
            metric: "cost" | "duration_ms" | "requests" | "errors" | "success_rate" | "tokens" | "avg_latency";
            /** @description Mean of a to mean of b; null where that is 0 */
            ratio: number | null;
        };
        DiffPiece: {
            /** @description Characters of the same op behind `text` that are left out */
            omitted?: number;
            /** @enum {string} */
            op: "equal" | "insert" | "delete";
            text: string;
        };
        DiffStep: {
            a: components["schemas"]["DiffStepSide"] | null;
            b: components["schemas"]["DiffStepSide"] | null;
            /** @description What differs; empty unless `changed` */
            changed: ("path" | "kind" | "status" | "error" | "model" | "provider" | "finish_reason" | "request" | "response" | "tokens" | "cost")[];
            /** @description False where a body of it could not be compared, or is in one alone */
            compared: boolean;
            /** @description Of the first session, unless the step is only in the second */
            path: string;
            /** @description One names the other as what it repeats */
            replayed: boolean;
            /** @description Word by word, at most 8000 characters; null where they are equal, there is nothing to compare, or texts were not asked for */
            request: components["schemas"]["DiffPiece"][] | null;
            /** @description Word by word, at most 8000 characters; null where they are equal, there is nothing to compare, or texts were not asked for */
            response: components["schemas"]["DiffPiece"][] | null;
            /** @enum {string} */
            state: "equal" | "changed" | "only_a" | "only_b";
        };
        DiffStepSide: {
            completion_tokens: number | null;
            /** @description USD; null where it is not known */
            cost: number | null;
            error: {
                message: string;
                type: string;
            } | null;
            finish_reason: string | null;
            /** @description llm, tool, vector_db or data */
            kind: string;
            latency_ms: number;
            model: string;
            path: string;
            prompt_tokens: number | null;
            provider: string;
            /**
             * @description What there is of the body: `omitted` by its caller, `gone` with its retention, `too_large` to be compared, `not_permitted` for keys that may not read bodies
             * @enum {string}
             */
            request: "whole" | "truncated" | "none" | "omitted" | "gone" | "deleted" | "lost" | "too_large" | "binary" | "not_permitted";
            request_id: string;
            /**
             * @description What there is of the body: `omitted` by its caller, `gone` with its retention, `too_large` to be compared, `not_permitted` for keys that may not read bodies
             * @enum {string}
             */
            response: "whole" | "truncated" | "none" | "omitted" | "gone" | "deleted" | "lost" | "too_large" | "binary" | "not_permitted";
            /** @description After the first request of its session */
            started_ms: number;
            status: number;
        };
        DiffSummary: {
            a: components["schemas"]["DiffSummarySide"];
            b: components["schemas"]["DiffSummarySide"];
            change: components["schemas"]["ComparedChange"];
            steps: {
                changed: number;
                equal: number;
                /** @description Equal and changed ones of which a body could not be compared */
                not_compared: number;
                only_a: number;
                only_b: number;
            };
            /** @description One of them has more than 10000 steps: the first of each are compared */
            truncated: boolean;
        };
        DiffSummarySide: {
            /** @description False where the cost of some request is not known */
            cost_complete: boolean;
            figures: components["schemas"]["ComparedTotals"];
            models: string[];
            session_id: string;
            session_name: string;
        };
        Error: {
            data: null;
            /** @description A sentence of the catalogue of errors */
            error: string;
            /** @description With 500: leads to the line of the log */
            id?: string;
            /** @description With 409 of a replay: the steps that it is about, the first hundred */
            steps?: {
                path: string;
                reason: string;
                request_id: string;
            }[];
            /**
             * @description With 401
             * @constant
             */
            trace?: "isAuthenticated.error";
        };
        /** @description True for some requests: "all", {}, conditions, or two filters joined */
        Filter: "all" | components["schemas"]["FilterBranch"] | components["schemas"]["FilterLeaf"];
        FilterBranch: {
            left: components["schemas"]["Filter"];
            /** @enum {string} */
            operator: "and" | "or";
            right: components["schemas"]["Filter"];
        };
        /** @description Table, column, operator, value: everything named must hold. At most 1000 conditions in a filter */
        FilterLeaf: {
            feedback?: {
                rating?: components["schemas"]["BooleanCondition"];
            };
            properties?: {
                [key: string]: components["schemas"]["PropertyCondition"];
            };
            request?: {
                country_code?: components["schemas"]["TextCondition"];
                created_at?: components["schemas"]["TimeCondition"];
                id?: components["schemas"]["TextCondition"];
                model?: components["schemas"]["TextCondition"];
                node_id?: components["schemas"]["TextCondition"];
                org_id?: components["schemas"]["TextCondition"];
                path?: components["schemas"]["TextCondition"];
                prompt?: components["schemas"]["TextCondition"];
                prompt_id?: components["schemas"]["TextCondition"];
                user_id?: components["schemas"]["TextCondition"];
            };
            request_response_rmt?: {
                assets?: components["schemas"]["TextCondition"];
                cache_enabled?: components["schemas"]["BooleanCondition"];
                cache_reference_id?: components["schemas"]["TextCondition"];
                cached?: components["schemas"]["BooleanCondition"];
                completion_tokens?: components["schemas"]["NumberCondition"];
                cost?: components["schemas"]["UsdCondition"];
                country_code?: components["schemas"]["TextCondition"];
                "helicone-score-feedback"?: components["schemas"]["BooleanCondition"];
                is_passthrough_billing?: components["schemas"]["BooleanCondition"];
                job_id?: components["schemas"]["TextCondition"];
                latency?: components["schemas"]["NumberCondition"];
                model?: components["schemas"]["TextCondition"];
                node_id?: components["schemas"]["TextCondition"];
                organization_id?: components["schemas"]["TextCondition"];
                prompt_cache_read_tokens?: components["schemas"]["NumberCondition"];
                prompt_cache_write_tokens?: components["schemas"]["NumberCondition"];
                prompt_id?: components["schemas"]["TextCondition"];
                prompt_tokens?: components["schemas"]["NumberCondition"];
                prompt_version?: components["schemas"]["TextCondition"];
                properties?: {
                    [key: string]: components["schemas"]["PropertyCondition"];
                };
                property_key?: components["schemas"]["PropertyKeyCondition"];
                provider?: components["schemas"]["TextCondition"];
                request_body?: components["schemas"]["TextCondition"];
                request_created_at?: components["schemas"]["TimeCondition"];
                request_id?: components["schemas"]["TextCondition"];
                request_referrer?: components["schemas"]["TextCondition"];
                response_body?: components["schemas"]["TextCondition"];
                response_created_at?: components["schemas"]["TimeCondition"];
                scores?: {
                    [key: string]: components["schemas"]["ScoreCondition"];
                };
                scores_column?: components["schemas"]["TextCondition"];
                status?: components["schemas"]["NumberCondition"];
                target_url?: components["schemas"]["TextCondition"];
                threat?: components["schemas"]["BooleanCondition"];
                time_to_first_token?: components["schemas"]["NumberCondition"];
                total_tokens?: components["schemas"]["NumberCondition"];
                user_id?: components["schemas"]["TextCondition"];
            };
            response?: {
                body_completion?: components["schemas"]["TextCondition"];
                body_model?: components["schemas"]["TextCondition"];
                body_tokens?: components["schemas"]["NumberCondition"];
                model?: components["schemas"]["TextCondition"];
                status?: components["schemas"]["NumberCondition"];
            };
            sessions_request_response_rmt?: {
                scores?: {
                    [key: string]: components["schemas"]["ScoreCondition"];
                };
                session_avg_latency?: components["schemas"]["NumberCondition"];
                session_completion_tokens?: components["schemas"]["NumberCondition"];
                session_cost_complete?: components["schemas"]["BooleanCondition"];
                session_created_at?: components["schemas"]["TimeCondition"];
                session_duration_ms?: components["schemas"]["NumberCondition"];
                session_error_count?: components["schemas"]["NumberCondition"];
                session_feedback?: components["schemas"]["BooleanCondition"];
                session_latest_request_created_at?: components["schemas"]["TimeCondition"];
                session_live?: components["schemas"]["BooleanCondition"];
                session_model?: components["schemas"]["TextCondition"];
                session_p95_latency?: components["schemas"]["NumberCondition"];
                session_prompt_tokens?: components["schemas"]["NumberCondition"];
                session_provider?: components["schemas"]["TextCondition"];
                session_session_id?: components["schemas"]["TextCondition"];
                session_session_name?: components["schemas"]["TextCondition"];
                session_span_seconds?: components["schemas"]["NumberCondition"];
                session_success_rate?: components["schemas"]["NumberCondition"];
                session_tag?: components["schemas"]["TextCondition"];
                session_total_cost?: components["schemas"]["UsdCondition"];
                session_total_requests?: components["schemas"]["NumberCondition"];
                session_total_tokens?: components["schemas"]["NumberCondition"];
                session_user_id?: components["schemas"]["TextCondition"];
            };
        };
        FlowLink: {
            /** @description `id` of a node */
            from: string;
            /** @description To a path where these sessions had been before */
            is_loop: boolean;
            /** @description Null: all sessions with known steps */
            pattern: components["schemas"]["SessionPatternOutput"] | null;
            sessions: number;
            /** @description `id` of a node at the next position */
            to: string;
        };
        FlowLoop: {
            /** @description How often, within the positions shown */
            count: number;
            from: string;
            /** @description Sessions that were at `to`, then at `from`, then at `to` again */
            pattern: components["schemas"]["SessionPatternOutput"];
            /** @description A path where the session had been before; the same as `from`: a repeat */
            to: string;
        };
        FlowNode: {
            /** @description USD */
            cost: number;
            errors: number;
            id: string;
            /**
             * @description `other`: merged paths. `end`: no further step. `more`: steps that are not shown
             * @enum {string}
             */
            kind: "start" | "path" | "other" | "end" | "more";
            /** @description Null unless `kind` is `path` */
            path: string | null;
            /** @description Null: all sessions with known steps */
            pattern: components["schemas"]["SessionPatternOutput"] | null;
            /** @description From 1 on; 0 is `start` */
            position: number;
            /** @description Of these sessions, at this position */
            requests: number;
            sessions: number;
        };
        FunnelStep: {
            /** @description That reached the step before it, and not this one */
            dropped: number;
            /** @description `pattern` of `POST /v1/session/query` for the sessions behind it */
            dropped_pattern: components["schemas"]["SessionPatternOutput"];
            /** @enum {string} */
            match: "equals" | "prefix";
            path: string;
            /** @description `pattern` of `POST /v1/session/query` for the sessions behind it */
            reached_pattern: components["schemas"]["SessionPatternOutput"];
            /** @description That reached it, after the steps before it */
            sessions: number;
            share_of_first: number;
            /** @description Of the first step: of all sessions with known steps */
            share_of_previous: number;
        };
        HistogramBin: {
            range_end: string;
            range_start: string;
            value: number;
        };
        ImportedSession: {
            /** @description Where the session is not what the file says: none, as a rule */
            differences: {
                file: string | null;
                here: string | null;
                /** @description A figure of the session, its `tree`, or what was said of it */
                what: string;
            }[];
            /** @description Of these, recorded by this call; the others were there from an import that was not finished */
            imported: number;
            /** @description In the file */
            requests: number;
            session_id: string;
            /** @description Of these, with less of their bodies than the file has: the log takes no more */
            shortened: number;
            /** @description USD over the priced requests, as the session has it now */
            total_cost: number;
        };
        InvalidBody: {
            details: {
                [key: string]: {
                    message: string;
                    value?: unknown;
                };
            };
            /** @constant */
            message: "Validation Failed";
        };
        LogBody: {
            provider?: string | null;
            providerRequest: {
                json: unknown;
                meta?: {
                    [key: string]: unknown;
                } | null;
                url: string;
            };
            providerResponse: {
                cost?: number | null;
                headers?: {
                    [key: string]: unknown;
                } | null;
                json: unknown;
                status: number;
                textBody?: string | null;
            };
            timing?: {
                endTime: {
                    milliseconds: number;
                    seconds: number;
                };
                startTime: {
                    milliseconds: number;
                    seconds: number;
                };
                timeToFirstToken?: number | null;
            } | null;
        };
        /** @description A number, compared */
        NumberCondition: {
            equals?: number;
            gt?: number;
            gte?: number;
            lt?: number;
            lte?: number;
            "not-equals"?: number;
        };
        OtlpError: {
            /** @description As gRPC has them */
            code: number;
            data: null;
            /** @description A sentence of the catalogue of errors */
            error: string;
            /** @description With 500: leads to the line of the log */
            id?: string;
            /** @description A sentence of the catalogue of errors */
            message: string;
            /** @description With 409 of a replay: the steps that it is about, the first hundred */
            steps?: {
                path: string;
                reason: string;
                request_id: string;
            }[];
            /**
             * @description With 401
             * @constant
             */
            trace?: "isAuthenticated.error";
        };
        OtlpTraces: {
            resourceSpans: unknown[];
        } & {
            [key: string]: unknown;
        };
        OtlpTracesTaken: {
            partialSuccess?: {
                errorMessage: string;
                rejectedSpans: string;
            };
        };
        PathFigures: {
            completion_tokens: number;
            /** @description USD; null where there are requests and none is priced */
            cost: number | null;
            errors: number;
            /** @description Epoch ms; null without requests */
            first_at: number | null;
            /** @description Epoch ms; null without requests */
            last_at: number | null;
            latency_ms_sum: number;
            prompt_tokens: number;
            requests: number;
        };
        PathNode: {
            children: components["schemas"]["PathNode"][];
            own: components["schemas"]["PathFigures"];
            path: string;
            total: components["schemas"]["PathFigures"];
        };
        /** @description The value of a property, compared */
        PropertyCondition: {
            contains?: string;
            equals?: string;
            ilike?: string;
            like?: string;
            "not-contains"?: string;
            "not-equals"?: string;
        };
        /** @description A request has a property of this name */
        PropertyKeyCondition: {
            equals?: string;
        };
        ReplayPlan: {
            /** @description Of them, calls that moderation or a rate limit kept from the provider */
            blocked: number;
            copies: number;
            /** @description USD, over all new sessions, of the steps whose cost can be told; null where it can of none that is sent */
            estimated_cost: number | null;
            /** @description Steps that are left out, of one session */
            left_out: number;
            /** @description Providers and origins that steps go to and no key was given for */
            needs_keys: string[];
            plan: components["schemas"]["ReplayPlanStep"][];
            problems: components["schemas"]["ReplayProblem"][];
            sends: number;
            /** @description The recorded session */
            session_id: string;
            /** @description The new ones */
            session_ids: string[];
            /** @description Over all new sessions, without those that are left out */
            steps: number;
            /** @description Steps that are sent, over all new sessions, whose cost cannot be told */
            unpriced_steps: number;
        };
        ReplayPlanStep: {
            /**
             * @description `cannot`: it stands in the way of the replay, and is one of `problems`
             * @enum {string}
             */
            action: "send" | "copy" | "leave-out" | "cannot";
            /** @description Of the recorded tokens with the new model; null where it is not known */
            estimated_cost: number | null;
            /** @description From 1, in the order in which the recorded steps began */
            index: number;
            /** @description llm, tool, vector_db or data */
            kind: string;
            model: string;
            /** @description As the step was sent with it */
            path: string;
            provider: string;
            /** @description Why it is left out, or cannot be done; else null */
            reason: string | null;
            /** @description USD; null where it is not known */
            recorded_cost: number | null;
            /** @description Of the recorded request */
            request_id: string;
            /** @description Origin that it is sent to, by PROVIDER_<NAME>_URL as this service has it; empty where it is not sent, or only the gateway knows */
            target: string;
        };
        /** @description A step that cannot be sent again, or not be copied */
        ReplayProblem: {
            /** @description As the step was sent with it */
            path: string;
            reason: string;
            /** @description Of the recorded request */
            request_id: string;
        };
        ReplayStarted: {
            replay_id: string;
            session_ids: string[];
        };
        ReplayState: {
            /** @description Of them, calls that moderation or a rate limit kept from the provider */
            blocked: number;
            copies: number;
            /** @description USD, of those whose cost is known */
            cost: number;
            /** @description Steps that have ended */
            done: number;
            ended_at: components["schemas"]["Timestamp"] | null;
            /** @description Of them, those that failed */
            errors: number;
            /** @description USD, over all new sessions, of the steps whose cost can be told; null where it can of none that is sent */
            estimated_cost: number | null;
            /** @description Recorded answers that stayed, since the new one does not fit what follows */
            kept: number;
            /** @description Steps that are left out, of one session */
            left_out: number;
            /** @description Why it has not completed; null where it has, or goes on */
            reason: string | null;
            /** @description Places in which a text of `replace` was found */
            replaced: number;
            replay_id: string;
            sends: number;
            /** @description The recorded session */
            session_id: string;
            /** @description The new ones */
            session_ids: string[];
            started_at: components["schemas"]["Timestamp"];
            /**
             * @description `stopped`: by `maxCostUsd` or `stopOnError`. `failed`: it could not go on, which is no matter of what providers answer
             * @enum {string}
             */
            status: "running" | "completed" | "stopped" | "cancelled" | "failed";
            /** @description Over all new sessions, without those that are left out */
            steps: number;
            /** @description Recorded answers that new ones took the place of */
            threaded: number;
            /** @description Those that were sent and whose cost is not known */
            unpriced: number;
            /** @description Steps that are sent, over all new sessions, whose cost cannot be told */
            unpriced_steps: number;
        };
        Request: {
            ai_gateway_body_mapping: null;
            asset_ids: string[];
            asset_urls: {
                [key: string]: string;
            };
            assets: string[];
            attempts: {
                latency_ms: number;
                status: number;
                target: string;
            }[];
            cache_enabled: boolean;
            cache_reference_id: string;
            completion_audio_tokens: number;
            completion_tokens: number | null;
            /** @description USD; null where the price is not known */
            cost: number | null;
            /** @description provider, table, estimated or none */
            cost_source: string;
            costUSD: number | null;
            country_code: string;
            delay_ms: number;
            error: {
                message: string;
                type: string;
            } | null;
            feedback_created_at: components["schemas"]["Timestamp"] | null;
            feedback_id: string | null;
            feedback_rating: boolean | null;
            finish_reason: string | null;
            helicone_user: null;
            llmSchema: null;
            model: string;
            model_override: null;
            parent_span_id: string | null;
            price_version: string;
            prompt_audio_tokens: number;
            prompt_cache_read_tokens: number;
            prompt_cache_write_tokens: number;
            prompt_id: string | null;
            prompt_tokens: number | null;
            prompt_version: string | null;
            properties: {
                [key: string]: string;
            };
            provider: string;
            reasoning_tokens: number;
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            request_body: unknown;
            request_created_at: components["schemas"]["Timestamp"];
            request_id: string;
            request_model: string;
            request_path: string;
            request_properties: {
                [key: string]: string;
            };
            request_referrer: string | null;
            request_truncated: boolean;
            request_user_id: string | null;
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            response_body: unknown;
            response_created_at: components["schemas"]["Timestamp"];
            response_id: string;
            response_model: string;
            /** @description HTTP, or negative: -3 for a call that its client cancelled */
            response_status: number;
            response_truncated: boolean;
            scores: {
                [key: string]: number;
            };
            session_id: string | null;
            session_name: string;
            session_path: string;
            /** @description Which header or field of the body named the session */
            session_rule: string | null;
            /** @description Leads to the bodies that this answer does not hold, for 15 minutes */
            signed_body_url: string | null;
            size_bytes: number;
            span_id: string;
            /** @description llm, tool, vector_db or data */
            step_kind: string;
            /** @constant */
            storage_location: "clickhouse";
            target_url: string;
            /** @description ms */
            time_to_first_token: number | null;
            total_tokens: number | null;
            trace_id: string | null;
            updated_at: components["schemas"]["Timestamp"];
            usage_complete: boolean;
        };
        RequestById: {
            ai_gateway_body_mapping: null;
            asset_ids: string[];
            asset_urls: {
                [key: string]: string;
            };
            assets: string[];
            attempts: {
                latency_ms: number;
                status: number;
                target: string;
            }[];
            cache_enabled: boolean;
            cache_reference_id: string;
            completion_audio_tokens: number;
            completion_tokens: number | null;
            /** @description USD; null where the price is not known */
            cost: number | null;
            /** @description provider, table, estimated or none */
            cost_source: string;
            costUSD: number | null;
            country_code: string;
            delay_ms: number;
            error: {
                message: string;
                type: string;
            } | null;
            feedback_created_at: components["schemas"]["Timestamp"] | null;
            feedback_id: string | null;
            feedback_rating: boolean | null;
            finish_reason: string | null;
            helicone_user: null;
            llmSchema: null;
            model: string;
            model_override: null;
            parent_span_id: string | null;
            price_version: string;
            prompt_audio_tokens: number;
            prompt_cache_read_tokens: number;
            prompt_cache_write_tokens: number;
            prompt_id: string | null;
            prompt_tokens: number | null;
            prompt_version: string | null;
            properties: {
                [key: string]: string;
            };
            provider: string;
            reasoning_tokens: number;
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            request_body: unknown;
            request_created_at: components["schemas"]["Timestamp"];
            /** @description Those that are stored, without credentials; null for keys that may not read bodies */
            request_headers: {
                [key: string]: string;
            } | null;
            request_id: string;
            request_model: string;
            request_path: string;
            request_properties: {
                [key: string]: string;
            };
            request_referrer: string | null;
            request_truncated: boolean;
            request_user_id: string | null;
            /** @description JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none */
            response_body: unknown;
            response_created_at: components["schemas"]["Timestamp"];
            /** @description Those that are stored, without credentials; null for keys that may not read bodies */
            response_headers: {
                [key: string]: string;
            } | null;
            response_id: string;
            response_model: string;
            /** @description HTTP, or negative: -3 for a call that its client cancelled */
            response_status: number;
            response_truncated: boolean;
            same_id: {
                request_created_at: components["schemas"]["Timestamp"];
                session_id: string | null;
            }[];
            scores: {
                [key: string]: number;
            };
            session_id: string | null;
            session_name: string;
            session_path: string;
            /** @description Which header or field of the body named the session */
            session_rule: string | null;
            /** @description Leads to the bodies that this answer does not hold, for 15 minutes */
            signed_body_url: string | null;
            size_bytes: number;
            span_id: string;
            /** @description llm, tool, vector_db or data */
            step_kind: string;
            /** @constant */
            storage_location: "clickhouse";
            target_url: string;
            /** @description ms */
            time_to_first_token: number | null;
            total_tokens: number | null;
            trace_id: string | null;
            updated_at: components["schemas"]["Timestamp"];
            usage_complete: boolean;
        };
        /** @description The value of a score, compared; true and false are 1 and 0 */
        ScoreCondition: {
            equals?: number | boolean;
            gt?: number | boolean;
            gte?: number | boolean;
            lt?: number | boolean;
            lte?: number | boolean;
            "not-equals"?: number | boolean;
        };
        Session: {
            /** @description ms */
            avg_latency: number;
            completion_tokens: number;
            cost_complete: boolean;
            created_at: components["schemas"]["Timestamp"];
            deleted_bodies: boolean;
            /** @description From the start of the first request to the end of the last */
            duration_ms: number;
            error_count: number;
            feedback: boolean | null;
            latest_request_created_at: components["schemas"]["Timestamp"];
            /** @description A request began within the last 5 minutes */
            live: boolean;
            models: string[];
            /** @description ms, within 1% */
            p95_latency: number;
            prompt_cache_read_tokens: number;
            prompt_cache_write_tokens: number;
            prompt_tokens: number;
            providers: string[];
            reasoning_tokens: number;
            scores: {
                [key: string]: number;
            };
            session_id: string;
            /** @description The name on its latest request that has one */
            session_name: string;
            session_names: string[];
            success_rate: number;
            tag: string | null;
            /** @description USD over the priced requests */
            total_cost: number;
            total_requests: number;
            total_tokens: number;
            /** @description Sets that have more members than are shown */
            truncated_fields: string[];
            unpriced_requests: number;
            user_ids: string[];
        };
        SessionContrast: {
            a: components["schemas"]["ContrastGroup"];
            b: components["schemas"]["ContrastGroup"];
            /** @description Largest effect first, at most 50 of a kind */
            features: components["schemas"]["ContrastFeature"][];
            metrics: components["schemas"]["ContrastMetric"][];
        };
        SessionFacet: {
            /** @description How many different values there are, or contain the text */
            distinct: number;
            /** @enum {string} */
            facet: "name" | "model" | "provider" | "status" | "user" | "tag" | "feedback" | "property_keys" | "property";
            /** @description Selected sessions with more values than their snapshot holds: the others do not count here */
            incomplete_sessions: number;
            /** @description Of the facet `property`: its key as it was asked for */
            property: string | null;
            /** @description Most sessions first, then by value */
            values: {
                /** @description Of the selected ones */
                sessions: number;
                /** @description Empty: sessions that have none */
                value: string;
            }[];
        };
        SessionFlow: {
            /** @description What comes into a node goes out of it, until `end` or `more` */
            links: components["schemas"]["FlowLink"][];
            /** @description Ways back to a path from before, whatever the position; most first, at most 100 */
            loops: components["schemas"]["FlowLoop"][];
            /** @description By position, most sessions first */
            nodes: components["schemas"]["FlowNode"][];
            /** @description All that are selected */
            sessions: number;
            /** @description Of these, left out: stored before steps were kept */
            sessions_without_steps: number;
            /** @description Of the others, with steps that are not shown */
            truncated_sessions: number;
        };
        SessionFunnel: {
            /** @description All that are selected */
            sessions: number;
            /** @description Of these, left out: stored before steps were kept */
            sessions_without_steps: number;
            steps: components["schemas"]["FunnelStep"][];
            /** @description Of the others, with more steps than are kept of a session */
            truncated_sessions: number;
        };
        SessionMetrics: {
            average: {
                session_cost: [
                    {
                        average: number | null;
                    }
                ];
                session_count: [
                    {
                        average: number | null;
                    }
                ];
                session_duration: [
                    {
                        average: number | null;
                    }
                ];
            };
            /** @description ms per request */
            avg_latency: number | null;
            /** @description Of USD per session */
            session_cost: components["schemas"]["HistogramBin"][];
            /** @description Of requests per session */
            session_count: components["schemas"]["HistogramBin"][];
            session_count_total: number;
            /** @description Of seconds from the first to the last request */
            session_duration: components["schemas"]["HistogramBin"][];
            success_rate: number | null;
            /** @description USD */
            total_cost: number;
        };
        SessionName: {
            /** @description ms per request */
            avg_latency: number;
            created_at: components["schemas"]["Timestamp"];
            first_used: components["schemas"]["Timestamp"];
            last_used: components["schemas"]["Timestamp"];
            name: string;
            session_count: number;
        };
        SessionPaths: {
            paths: components["schemas"]["SessionPathSums"][];
            /** @description All that are selected */
            sessions: number;
            /** @description Of these, left out: stored before paths were kept */
            sessions_without_paths: number;
            /** @description Of all paths */
            total_cost: number;
        };
        SessionPathSums: {
            /** @description Per request */
            avg_cost: number;
            /** @description ms per request */
            avg_latency: number;
            /** @description USD */
            cost: number;
            errors: number;
            /** @description `…`: what sessions with very many paths do not tell apart */
            path: string;
            /** @description Null for `…` */
            pattern: components["schemas"]["SessionPatternOutput"] | null;
            requests: number;
            sessions: number;
            share_of_cost: number;
        };
        SessionPattern: {
            /** @description So many of the steps, no more */
            droppedAfter?: number;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description So many of the steps or more. Left out, without `droppedAfter`: all */
            reached?: number;
            steps: {
                /** @enum {string} */
                match?: "equals" | "prefix";
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            }[];
        } | {
            at?: {
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            } | {
                noneOf: string[];
            };
            collapseRepeats?: boolean;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description Whether the step after it goes back to a path from before */
            isLoop?: boolean;
            /** @description The step after it. `end`: there is none. `more`: there is one, kept or not. `unknown`: there is one that is not kept */
            next?: ({
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            } | {
                noneOf: string[];
            }) | ("end" | "more" | "unknown");
            pathLevels?: number;
            position: number;
        } | {
            collapseRepeats?: boolean;
            /** @description Among so many of the first steps; all that are kept when left out */
            depthMax?: number;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description From a path straight to one where the session had been; the same one: again, right after it */
            loop: {
                /** @description In any spelling; `/` for requests without a path */
                from: string;
                /** @description In any spelling; `/` for requests without a path */
                to: string;
            };
            pathLevels?: number;
        };
        SessionPatternOutput: {
            /** @description So many of the steps, no more */
            droppedAfter?: number;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description So many of the steps or more. Left out, without `droppedAfter`: all */
            reached?: number;
            steps: {
                /** @enum {string} */
                match?: "equals" | "prefix";
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            }[];
        } | {
            at?: {
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            } | {
                noneOf: string[];
            };
            collapseRepeats?: boolean;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description Whether the step after it goes back to a path from before */
            isLoop?: boolean;
            /** @description The step after it. `end`: there is none. `more`: there is one, kept or not. `unknown`: there is one that is not kept */
            next?: ({
                /** @description In any spelling; `/` for requests without a path */
                path: string;
            } | {
                noneOf: string[];
            }) | ("end" | "more" | "unknown");
            pathLevels?: number;
            position: number;
        } | {
            collapseRepeats?: boolean;
            /** @description Among so many of the first steps; all that are kept when left out */
            depthMax?: number;
            /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
            foldPaths?: boolean;
            /** @description From a path straight to one where the session had been; the same one: again, right after it */
            loop: {
                /** @description In any spelling; `/` for requests without a path */
                from: string;
                /** @description In any spelling; `/` for requests without a path */
                to: string;
            };
            pathLevels?: number;
        };
        /** @description Quantiles are exact, linear between two values */
        SessionRange: {
            max: number;
            min: number;
            p5: number;
            p25: number;
            p50: number;
            p75: number;
            p95: number;
        };
        SessionWithTree: {
            /** @description ms */
            avg_latency: number;
            completion_tokens: number;
            cost_complete: boolean;
            created_at: components["schemas"]["Timestamp"];
            deleted_bodies: boolean;
            /** @description From the start of the first request to the end of the last */
            duration_ms: number;
            error_count: number;
            feedback: boolean | null;
            latest_request_created_at: components["schemas"]["Timestamp"];
            /** @description A request began within the last 5 minutes */
            live: boolean;
            models: string[];
            /** @description ms, within 1% */
            p95_latency: number;
            prompt_cache_read_tokens: number;
            prompt_cache_write_tokens: number;
            prompt_tokens: number;
            providers: string[];
            reasoning_tokens: number;
            scores: {
                [key: string]: number;
            };
            session_id: string;
            /** @description The name on its latest request that has one */
            session_name: string;
            session_names: string[];
            success_rate: number;
            tag: string | null;
            /** @description USD over the priced requests */
            total_cost: number;
            total_requests: number;
            total_tokens: number;
            tree: components["schemas"]["PathNode"][];
            tree_truncated: boolean;
            /** @description Sets that have more members than are shown */
            truncated_fields: string[];
            unpriced_requests: number;
            user_ids: string[];
        };
        /** @description A text, compared; `like` and `ilike` take `%` and `_`, `contains` takes them literally and in any case */
        TextCondition: {
            contains?: string;
            equals?: string;
            ilike?: string;
            like?: string;
            "not-contains"?: string;
            "not-equals"?: string;
        };
        /** @description An instant, compared */
        TimeCondition: {
            /** @description ISO 8601: 2026-01-31T12:00:00.000Z */
            equals?: string;
            /** @description ISO 8601: 2026-01-31T12:00:00.000Z */
            gt?: string;
            /** @description ISO 8601: 2026-01-31T12:00:00.000Z */
            gte?: string;
            /** @description ISO 8601: 2026-01-31T12:00:00.000Z */
            lt?: string;
            /** @description ISO 8601: 2026-01-31T12:00:00.000Z */
            lte?: string;
        };
        /** @description ISO 8601 with milliseconds; years may have a sign and six digits */
        Timestamp: string;
        TraceLogBody: {
            provider?: string | null;
            providerRequest: {
                json: unknown;
                meta?: {
                    [key: string]: unknown;
                } | null;
                url: string;
            };
            providerResponse: {
                cost?: number | null;
                headers?: {
                    [key: string]: unknown;
                } | null;
                json: unknown;
                status: number;
                textBody?: string | null;
            };
            timing?: {
                endTime: string | number | {
                    milliseconds?: number | string;
                    seconds: number | string;
                };
                startTime: string | number | {
                    milliseconds?: number | string;
                    seconds: number | string;
                };
                timeToFirstToken?: number | null;
            } | null;
        };
        TypedLogBody: {
            provider?: string | null;
            providerRequest: {
                json: unknown;
                meta: {
                    [key: string]: unknown;
                };
                url: string;
            };
            providerResponse: {
                cost?: number | null;
                headers: {
                    [key: string]: unknown;
                };
                json?: unknown;
                status: number;
                textBody?: string | null;
            };
            timing?: {
                endTime: string;
                startTime: string;
                timeToFirstToken?: number | null;
            } | null;
        };
        /** @description An amount, compared */
        UsdCondition: {
            /** @description USD */
            equals?: number;
            /** @description USD */
            gt?: number;
            /** @description USD */
            gte?: number;
            /** @description USD */
            lt?: number;
            /** @description USD */
            lte?: number;
            /** @description USD */
            "not-equals"?: number;
        };
        UsedKey: {
            /** @description Null: valid until it is deleted */
            expires_at: components["schemas"]["Timestamp"] | null;
            id: string;
            /** @description It comes with the configuration, and is changed there */
            is_bootstrap: boolean;
            name: string;
            permissions: ("r" | "w" | "rw" | "m" | "operator")[];
            tenant_id: string;
        };
        User: {
            /** @description Days with a request */
            active_for: number;
            average_requests_per_day_active: number;
            average_tokens_per_request: number;
            /** @description USD */
            cost: number;
            first_active: components["schemas"]["Timestamp"];
            id: string;
            last_active: components["schemas"]["Timestamp"];
            rate_limited_count: number;
            total_completion_tokens: number;
            /** @description Requests that failed */
            total_errors: number;
            total_prompt_tokens: number;
            total_requests: number;
            /** @description Sessions with a request of theirs */
            total_sessions: number;
            user_id: string;
        };
        /** @description True for some requests: "all", {}, conditions, or two filters joined */
        UserFilter: "all" | components["schemas"]["UserFilterBranch"] | components["schemas"]["UserFilterLeaf"];
        UserFilterBranch: {
            left: components["schemas"]["UserFilter"];
            /** @enum {string} */
            operator: "and" | "or";
            right: components["schemas"]["UserFilter"];
        };
        /** @description Table, column, operator, value: everything named must hold. At most 1000 conditions in a filter */
        UserFilterLeaf: {
            feedback?: {
                rating?: components["schemas"]["BooleanCondition"];
            };
            properties?: {
                [key: string]: components["schemas"]["PropertyCondition"];
            };
            request?: {
                country_code?: components["schemas"]["TextCondition"];
                created_at?: components["schemas"]["TimeCondition"];
                id?: components["schemas"]["TextCondition"];
                model?: components["schemas"]["TextCondition"];
                node_id?: components["schemas"]["TextCondition"];
                org_id?: components["schemas"]["TextCondition"];
                path?: components["schemas"]["TextCondition"];
                prompt?: components["schemas"]["TextCondition"];
                prompt_id?: components["schemas"]["TextCondition"];
                user_id?: components["schemas"]["TextCondition"];
            };
            request_response_rmt?: {
                assets?: components["schemas"]["TextCondition"];
                cache_enabled?: components["schemas"]["BooleanCondition"];
                cache_reference_id?: components["schemas"]["TextCondition"];
                cached?: components["schemas"]["BooleanCondition"];
                completion_tokens?: components["schemas"]["NumberCondition"];
                cost?: components["schemas"]["UsdCondition"];
                country_code?: components["schemas"]["TextCondition"];
                "helicone-score-feedback"?: components["schemas"]["BooleanCondition"];
                is_passthrough_billing?: components["schemas"]["BooleanCondition"];
                job_id?: components["schemas"]["TextCondition"];
                latency?: components["schemas"]["NumberCondition"];
                model?: components["schemas"]["TextCondition"];
                node_id?: components["schemas"]["TextCondition"];
                organization_id?: components["schemas"]["TextCondition"];
                prompt_cache_read_tokens?: components["schemas"]["NumberCondition"];
                prompt_cache_write_tokens?: components["schemas"]["NumberCondition"];
                prompt_id?: components["schemas"]["TextCondition"];
                prompt_tokens?: components["schemas"]["NumberCondition"];
                prompt_version?: components["schemas"]["TextCondition"];
                properties?: {
                    [key: string]: components["schemas"]["PropertyCondition"];
                };
                property_key?: components["schemas"]["PropertyKeyCondition"];
                provider?: components["schemas"]["TextCondition"];
                request_body?: components["schemas"]["TextCondition"];
                request_created_at?: components["schemas"]["TimeCondition"];
                request_id?: components["schemas"]["TextCondition"];
                request_referrer?: components["schemas"]["TextCondition"];
                response_body?: components["schemas"]["TextCondition"];
                response_created_at?: components["schemas"]["TimeCondition"];
                scores?: {
                    [key: string]: components["schemas"]["ScoreCondition"];
                };
                scores_column?: components["schemas"]["TextCondition"];
                status?: components["schemas"]["NumberCondition"];
                target_url?: components["schemas"]["TextCondition"];
                threat?: components["schemas"]["BooleanCondition"];
                time_to_first_token?: components["schemas"]["NumberCondition"];
                total_tokens?: components["schemas"]["NumberCondition"];
                user_id?: components["schemas"]["TextCondition"];
            };
            response?: {
                body_completion?: components["schemas"]["TextCondition"];
                body_model?: components["schemas"]["TextCondition"];
                body_tokens?: components["schemas"]["NumberCondition"];
                model?: components["schemas"]["TextCondition"];
                status?: components["schemas"]["NumberCondition"];
            };
            sessions_request_response_rmt?: {
                scores?: {
                    [key: string]: components["schemas"]["ScoreCondition"];
                };
                session_avg_latency?: components["schemas"]["NumberCondition"];
                session_completion_tokens?: components["schemas"]["NumberCondition"];
                session_cost_complete?: components["schemas"]["BooleanCondition"];
                session_created_at?: components["schemas"]["TimeCondition"];
                session_duration_ms?: components["schemas"]["NumberCondition"];
                session_error_count?: components["schemas"]["NumberCondition"];
                session_feedback?: components["schemas"]["BooleanCondition"];
                session_latest_request_created_at?: components["schemas"]["TimeCondition"];
                session_live?: components["schemas"]["BooleanCondition"];
                session_model?: components["schemas"]["TextCondition"];
                session_p95_latency?: components["schemas"]["NumberCondition"];
                session_prompt_tokens?: components["schemas"]["NumberCondition"];
                session_provider?: components["schemas"]["TextCondition"];
                session_session_id?: components["schemas"]["TextCondition"];
                session_session_name?: components["schemas"]["TextCondition"];
                session_span_seconds?: components["schemas"]["NumberCondition"];
                session_success_rate?: components["schemas"]["NumberCondition"];
                session_tag?: components["schemas"]["TextCondition"];
                session_total_cost?: components["schemas"]["UsdCondition"];
                session_total_requests?: components["schemas"]["NumberCondition"];
                session_total_tokens?: components["schemas"]["NumberCondition"];
                session_user_id?: components["schemas"]["TextCondition"];
            };
            users_view?: {
                user_active_for?: components["schemas"]["NumberCondition"];
                user_average_requests_per_day_active?: components["schemas"]["NumberCondition"];
                user_average_tokens_per_request?: components["schemas"]["NumberCondition"];
                user_cost?: components["schemas"]["UsdCondition"];
                user_first_active?: components["schemas"]["TimeCondition"];
                user_last_active?: components["schemas"]["TimeCondition"];
                user_total_completion_tokens?: components["schemas"]["NumberCondition"];
                user_total_prompt_tokens?: components["schemas"]["NumberCondition"];
                user_total_requests?: components["schemas"]["NumberCondition"];
                user_user_id?: components["schemas"]["TextCondition"];
            };
        };
        View: {
            created_at: components["schemas"]["Timestamp"];
            id: string;
            name: string;
            updated_at: components["schemas"]["Timestamp"];
            /** @description Path and query within the dashboard */
            url: string;
        };
        Webhook: {
            config: {
                propertyFilters: {
                    key: string;
                    value: string;
                }[];
                sampleRate: number;
            };
            created_at: components["schemas"]["Timestamp"];
            destination: string;
            id: string;
            includeData: boolean;
            name: string;
        };
        WebhookConfig: {
            /** @description Properties that a call must have, each with this value */
            propertyFilters?: {
                key: string;
                value: string;
            }[];
            /** @description Percent of the calls that it is told of: 100 when left out */
            sampleRate?: number;
        };
        WebhookDelivery: {
            /** @description `webhook-id` of what is sent, the same each time it is tried */
            id: string;
            last_try_at: components["schemas"]["Timestamp"];
            /** @description Null: it is not tried again */
            next_try_at: components["schemas"]["Timestamp"] | null;
            /** @description Why it was not delivered; null: it was */
            reason: string | null;
            /** @description When the call was recorded */
            received_at: components["schemas"]["Timestamp"];
            request_id: string;
            /** @enum {string} */
            state: "waiting" | "delivered" | "failed";
            /** @description Of the last answer; null: there was none */
            status: number | null;
            tries: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    postAnthropicV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `payload-too-large`: Payload too large
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /**
             * @description `unauthorized`: Unauthorized
             *
             *     `key-without-bearer`: Must included Bearer in API Key
             *
             *     `key-not-well-formed`: API Key is not well formed
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
        };
    };
    postCustomV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `payload-too-large`: Payload too large
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /**
             * @description `unauthorized`: Unauthorized
             *
             *     `key-without-bearer`: Must included Bearer in API Key
             *
             *     `key-not-well-formed`: API Key is not well formed
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
        };
    };
    postGoogleapisV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `payload-too-large`: Payload too large
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /**
             * @description `unauthorized`: Unauthorized
             *
             *     `key-without-bearer`: Must included Bearer in API Key
             *
             *     `key-not-well-formed`: API Key is not well formed
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
        };
    };
    postOaiV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `payload-too-large`: Payload too large
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /**
             * @description `unauthorized`: Unauthorized
             *
             *     `key-without-bearer`: Must included Bearer in API Key
             *
             *     `key-not-well-formed`: API Key is not well formed
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                    "text/plain": string;
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A sentence of the catalogue of errors */
                        error: string;
                    };
                };
            };
        };
    };
    getApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Keys of the tenant, without the keys themselves */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    api_key_name?: string;
                    expires_at?: string | null;
                    key_permissions?: string;
                    overlap_seconds?: number;
                    rotates?: string;
                };
            };
        };
        responses: {
            /** @description Make a key, or the successor of one */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The key itself, shown this once */
                        apiKey: string;
                        data: {
                            /** @description The key itself, shown this once */
                            apiKey: string;
                            hashedKey: string;
                            id: string;
                        };
                        error: null;
                        hashedKey: string;
                        id: string;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bootstrap-key`: The bootstrap key is set by THROUGHLINE_API_KEY: it can be neither changed nor deleted here
             *
             *     `too-many-keys`: A tenant has at most {max} keys: delete one first
             *
             *     `invalid-expiry`: expires_at must be in the future, and before the year 2300
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-api-key`: API key not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteApiKeysByApiKeyId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the key, which is not the key itself */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a key: it lets nobody in from now on */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `bootstrap-key`: The bootstrap key is set by THROUGHLINE_API_KEY: it can be neither changed nor deleted here
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-api-key`: API key not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patchApiKeysByApiKeyId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the key, which is not the key itself */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    api_key_name?: string;
                    expires_at?: string | null;
                };
            };
        };
        responses: {
            /** @description Rename a key, or set when it expires */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bootstrap-key`: The bootstrap key is set by THROUGHLINE_API_KEY: it can be neither changed nor deleted here
             *
             *     `invalid-expiry`: expires_at must be in the future, and before the year 2300
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-api-key`: API key not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDashboardScoresQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Sums of scores over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            created_at_trunc: components["schemas"]["Timestamp"];
                            score_key: string;
                            score_sum: number;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    "helicone-id": string;
                    rating: boolean;
                };
            };
        };
        responses: {
            /** @description Rate a request, as older clients do */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        helicone_id: string;
                        message: string;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-request-id`: Invalid requestId: must be a valid UUID
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key that the call is made with, and what it may do */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["UsedKey"];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getLive: {
        parameters: {
            query?: {
                /** @description Id of a session to hear of, URL-encoded; repeated for several */
                session?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events: what was recorded has changed, and so have the sessions that are named */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /**
             * @description `too-many-values`: This would be more than {max} {what}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             *
             *     `too-many-streams`: There are {max} streams of live updates open already, as many as there may be: close one first
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the link */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Make a key from the token of a link that was printed where Throughline runs; each works once */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description A new key, shown this once */
                            api_key: string;
                            expires_at: components["schemas"]["Timestamp"];
                            permissions: ("r" | "w" | "rw" | "m" | "operator")[];
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `too-many-keys`: A tenant has at most {max} keys: delete one first
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `invalid-login`: This link has been used, or is too old: `throughline login` prints a new one
             *
             *     `foreign-login`: Pages of {origin} may not sign in here: open the link itself, as `throughline login` prints it
             *
             *     `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /**
             * @description `too-many-logins`: Too many links that are not valid were tried: try again in a minute
             *
             *     `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `not-offered`: {feature} is not offered; {instead} */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsActiveUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description How many different users */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsAverageLatency: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description Mean latency, ms */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsAverageTimeToFirstToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description Mean time to the first token, ms, where it is known */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsAverageTokensPerRequest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description Mean tokens of a request, where they are known */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            average_completion_tokens_per_response: number;
                            average_prompt_tokens_per_response: number;
                            average_total_tokens_per_response: number;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsCostOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description USD over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description USD */
                            cost: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsCountry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    limit?: number;
                    offset?: number;
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description Always empty: countries are not looked up */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            country: string;
                            total_requests: number;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-limit`: invalid limit
             *
             *     `invalid-offset`: unsupport offset value
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsErrorOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Failed requests over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsLatencyOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Mean latency over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Mean, ms */
                            duration: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    limit?: number;
                    offset?: number;
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description What the requests of each model come to, most requests first */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description USD */
                            cost: number;
                            model: string;
                            total_completion_tokens: number;
                            total_prompt_token: number;
                            total_requests: number;
                            total_tokens: number;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-limit`: invalid limit
             *
             *     `invalid-offset`: unsupport offset value
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsQuantiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    metric: string;
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Quantiles of a figure over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            p75: number;
                            p90: number;
                            p95: number;
                            p99: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `invalid-metric`: Invalid metric: it is one of {metrics}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsRequestCount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    isCached?: boolean;
                };
            };
        };
        responses: {
            /** @description How many different request ids, whenever they were */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsRequestOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Requests over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsRequestStatusOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Requests by status, over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            status: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsThreatsOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Requests that were blocked as threats */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsTimeToFirstToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Mean time to the first token, over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            time: components["schemas"]["Timestamp"];
                            /** @description Mean, ms */
                            ttft: number;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsTokensOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Tokens over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            completion_tokens: number;
                            prompt_tokens: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsTotalCost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description USD of all requests whose cost is known */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description USD */
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsTotalRequests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description How many requests */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsTotalThreats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description How many requests were blocked as threats */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postMetricsUsersOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Different users over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            time: components["schemas"]["Timestamp"];
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyByPropertyKeySearch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key of the property, in any case, URL-encoded */
                propertyKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    searchTerm: string;
                };
            };
        };
        responses: {
            /** @description Values of a property that contain a text, 25 at most */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyByPropertyKeyTopCostsQuery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key of the property, in any case, URL-encoded */
                propertyKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description The ten values of a property that cost most, and all others together */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description USD */
                            cost: number;
                            value: string;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyByPropertyKeyTopRequestsQuery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key of the property, in any case, URL-encoded */
                propertyKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                };
            };
        };
        responses: {
            /** @description The ten values of a property with most requests, and all others together */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            count: number;
                            value: string;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyHiddenQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Keys of properties that are hidden */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            property: string;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyHide: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                };
            };
        };
        responses: {
            /** @description Leave a key out of the list of properties */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @constant */
                            ok: true;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyPropertiesOverTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    filter?: components["schemas"]["Filter"];
                    propertyKey: string;
                    timeFilter: {
                        end: string;
                        start: string;
                    };
                    timeZoneDifference: number;
                    userFilter?: components["schemas"]["Filter"];
                };
            };
        };
        responses: {
            /** @description Cost and requests by the value of a property, over time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            created_at_trunc: components["schemas"]["Timestamp"];
                            property: string;
                            request_count: number;
                            /** @description USD */
                            total_cost: number;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-filter`: Invalid time filter
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Keys of properties, without the hidden ones */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            property: string;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPropertyRestore: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                };
            };
        };
        responses: {
            /** @description List a hidden key again */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @constant */
                            ok: true;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getReplayByReplayId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `replay_id` of the replay */
                replayId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How a replay stands, or server-sent events of it, from the first on */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReplayState"];
                        error: null;
                    };
                    "text/event-stream": string;
                };
            };
            /**
             * @description `invalid-replay-id`: Invalid replayId: must be a valid UUID
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-replay`: There is no such replay: they are kept for an hour, by the instance that was asked for them */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteReplayByReplayId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `replay_id` of the replay */
                replayId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancels a replay: no further step begins, and those under way are given up */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReplayState"];
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-replay-id`: Invalid replayId: must be a valid UUID
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-replay`: There is no such replay: they are kept for an hour, by the instance that was asked for them */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRequestByRequestId: {
        parameters: {
            query?: {
                /** @description With its bodies, whole */
                includeBody?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One request, with its bodies if asked */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RequestById"];
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-parameter`: The query parameter {name} has to be {expected}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRequestByRequestIdBody: {
        parameters: {
            query: {
                /** @description The signature: it comes with `signed_body_url` of a request */
                token: string;
            };
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bodies of a request, by its `signed_body_url`, without a key */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bodies"];
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `invalid-body-link`: This link to bodies is not valid, or no longer: ask for the request again to have a new one
             *
             *     `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestByRequestIdFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    rating: boolean;
                };
            };
        };
        responses: {
            /** @description Rate a request */
            201: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-request-id`: Invalid requestId: must be a valid UUID
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRequestByRequestIdInputs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Inputs of a stored prompt, which are not recorded here */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putRequestByRequestIdProperty: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                    value: string;
                };
            };
        };
        responses: {
            /** @description Set a property of a request */
            201: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                        /** @constant */
                        ok: "true";
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `fixed-property`: {key} says which session a request belongs to, and cannot be changed after it was logged
             *
             *     `too-many-values`: This would be more than {max} {what}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestByRequestIdScore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `Helicone-Id` of the call, or the id that the caller chose */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    scores: {
                        [key: string]: number | boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Score a request */
            201: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-request-id`: Invalid requestId: must be a valid UUID
             *
             *     `invalid-score`: Score {name} is neither an integer nor a boolean
             *
             *     `too-many-values`: This would be more than {max} {what}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-request`: Request not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestCountQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    includeInputs?: boolean;
                    isCached?: boolean;
                    isPartOfExperiment?: boolean;
                    isScored?: boolean;
                    limit?: number;
                    offset?: number;
                    sort?: {
                        /** @enum {string} */
                        body_model?: "asc" | "desc";
                        cache_created_at?: unknown;
                        /** @enum {string} */
                        completion_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        cost?: "asc" | "desc";
                        /** @enum {string} */
                        created_at?: "asc" | "desc";
                        is_cached?: unknown;
                        last_active?: unknown;
                        /** @enum {string} */
                        latency?: "asc" | "desc";
                        /** @enum {string} */
                        prompt_tokens?: "asc" | "desc";
                        properties?: {
                            [key: string]: "asc" | "desc";
                        };
                        /** @constant */
                        random?: true;
                        /** @enum {string} */
                        time_to_first_token?: "asc" | "desc";
                        /** @enum {string} */
                        total_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        user_id?: "asc" | "desc";
                        values?: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description How many requests the same body selects */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    includeInputs?: boolean;
                    isCached?: boolean;
                    isPartOfExperiment?: boolean;
                    isScored?: boolean;
                    limit?: number;
                    offset?: number;
                    sort?: {
                        /** @enum {string} */
                        body_model?: "asc" | "desc";
                        cache_created_at?: unknown;
                        /** @enum {string} */
                        completion_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        cost?: "asc" | "desc";
                        /** @enum {string} */
                        created_at?: "asc" | "desc";
                        is_cached?: unknown;
                        last_active?: unknown;
                        /** @enum {string} */
                        latency?: "asc" | "desc";
                        /** @enum {string} */
                        prompt_tokens?: "asc" | "desc";
                        properties?: {
                            [key: string]: "asc" | "desc";
                        };
                        /** @constant */
                        random?: true;
                        /** @enum {string} */
                        time_to_first_token?: "asc" | "desc";
                        /** @enum {string} */
                        total_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        user_id?: "asc" | "desc";
                        values?: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Requests that make a filter true, a page at a time, with their bodies where these are small */
            201: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Request"][];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-limit`: invalid limit
             *
             *     `invalid-offset`: unsupport offset value
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestQueryClickhouse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["Filter"];
                    includeInputs?: boolean;
                    isCached?: boolean;
                    isPartOfExperiment?: boolean;
                    isScored?: boolean;
                    limit?: number;
                    offset?: number;
                    sort?: {
                        /** @enum {string} */
                        body_model?: "asc" | "desc";
                        cache_created_at?: unknown;
                        /** @enum {string} */
                        completion_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        cost?: "asc" | "desc";
                        /** @enum {string} */
                        created_at?: "asc" | "desc";
                        is_cached?: unknown;
                        last_active?: unknown;
                        /** @enum {string} */
                        latency?: "asc" | "desc";
                        /** @enum {string} */
                        prompt_tokens?: "asc" | "desc";
                        properties?: {
                            [key: string]: "asc" | "desc";
                        };
                        /** @constant */
                        random?: true;
                        /** @enum {string} */
                        time_to_first_token?: "asc" | "desc";
                        /** @enum {string} */
                        total_tokens?: "asc" | "desc";
                        /** @enum {string} */
                        user_id?: "asc" | "desc";
                        values?: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Requests that make a filter true, a page at a time, with their bodies where these are small */
            201: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Request"][];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-limit`: invalid limit
             *
             *     `invalid-offset`: unsupport offset value
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRequestQueryIds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    requestIds: string[];
                };
            };
        };
        responses: {
            /** @description The requests with these ids, in this order, without those that are not known */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Request"][];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `too-many-ids`: These are {count} request ids: at most {max} can be asked for at a time
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One session, as of now, with the tree of its paths */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionWithTree"];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-session`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteSessionBySessionId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a session: its requests, bodies and totals */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description How many were deleted */
                            requests: number;
                        };
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `no-request-found`: No request found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionIdDiffByOtherSessionId: {
        parameters: {
            query?: {
                /** @description `true`: only steps that are not equal */
                changed?: "true" | "false";
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description Steps of a page, 50 when left out; with long texts there may be fewer */
                limit?: number;
                /** @description Only steps of this path, and of paths below it */
                path?: string;
                /** @description Only the step that this request, of either session, is part of */
                request?: string;
                /** @description `false`: without the texts of requests and responses */
                text?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The id of the session that it is compared with, URL-encoded */
                otherSessionId: string;
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In what a session (b, the second) differs from another (a): figures, then step by step, with texts */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            steps: components["schemas"]["DiffStep"][];
                            summary: components["schemas"]["DiffSummary"];
                        };
                        error: null;
                        /** @description `cursor` of the next page; null on the last one */
                        next_cursor: string | null;
                    };
                };
            };
            /**
             * @description `invalid-parameter`: The query parameter {name} has to be {expected}
             *
             *     `invalid-limit`: invalid limit
             *
             *     `limit-too-high`: Limit cannot be greater than {max}
             *
             *     `invalid-cursor`: The cursor is not one that this endpoint gave; start again without it
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown-session`: Session not found
             *
             *     `unknown-request`: Request not found
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionIdExport: {
        parameters: {
            query?: {
                /** @description Compressed. `false` when left out */
                gzip?: "true" | "false";
                /** @description `false`: API keys and tokens in it stay as they are stored. `true` when left out */
                mask?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A session with everything that is recorded of it, as a file that an import reads */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                    "application/jsonl": string;
                };
            };
            /**
             * @description `too-many-values`: This would be more than {max} {what}
             *
             *     `invalid-parameter`: The query parameter {name} has to be {expected}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-session`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             *
             *     `too-many-exports`: There are {max} exports of this tenant under way, as many as there may be: one has to end first
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `session-changed`: Requests of the session were deleted while it was read: try again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionBySessionIdFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    rating: boolean;
                };
            };
        };
        responses: {
            /** @description Rate a session */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `no-request-found`: No request found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionBySessionIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who closes the stream of events cancels the replay */
                    cancelOnClose?: boolean;
                    /** @description Nothing is sent: the plan is answered */
                    dryRun?: boolean;
                    /** @description Without those that began before this one: its number from 1, or its request id */
                    fromStep?: number | string;
                    /** @description Once finished steps have cost as much, no further one begins */
                    maxCostUsd?: number;
                    overrides?: {
                        /** @description Top-level members of the body by name; null leaves one out */
                        body?: {
                            [key: string]: unknown;
                        };
                        /** @description In the body, or in the path where the path names the model */
                        model?: string;
                        /** @description Name of the provider that is asked instead, on the same path */
                        provider?: string;
                        /** @description Literal texts, in system message and messages, wherever they stand, in this order */
                        replace?: {
                            find: string;
                            replaceWith: string;
                        }[];
                        /** @description In the place of the system message */
                        systemPrompt?: string;
                        /** @description Where it is sent instead: an origin, which gets the recorded path, or the whole URL of an endpoint. Not with `provider` */
                        targetUrl?: string;
                        /** @description Where the API has it; null leaves it out */
                        temperature?: number | null;
                    };
                    /** @description Only steps with one of these paths; `prefix`: also those below it */
                    paths?: (string | {
                        /** @enum {string} */
                        match?: "equals" | "prefix";
                        /** @description As the step was sent with it */
                        path: string;
                    })[];
                    /** @description Key for the one provider that is asked, or for `targetUrl`. It is not stored */
                    providerKey?: string;
                    /** @description Keys by name of the provider, or by origin where it is none that is known. They are not stored */
                    providerKeys?: {
                        [key: string]: string;
                    };
                    /** @description Id of the new session, which there must not be yet; with `times`, what `-1` to `-k` are put behind */
                    sessionId?: string;
                    /** @description No further step begins once one has failed */
                    stopOnError?: boolean;
                    /** @description New answers take the place of recorded ones in later requests */
                    thread?: boolean;
                    /** @description 1 when left out */
                    times?: number;
                    /**
                     * @description `recorded`, as when left out: copied steps take as long as they took
                     * @enum {string}
                     */
                    toolPacing?: "recorded" | "none";
                };
            };
        };
        responses: {
            /** @description Sends the steps of a session once more, into a new one; with dryRun says what that would be */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReplayPlan"];
                        error: null;
                    };
                    "text/event-stream": string;
                };
            };
            /** @description It has begun, and goes on by itself */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReplayStarted"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-replay`: The replay cannot be done as it is asked for: {reason}
             *
             *     `too-many-values`: This would be more than {max} {what}
             *
             *     `invalid-target`: Helicone-Target-URL is not an absolute http(s) URL: {value}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `target-not-allowed`: {host} is not a public address; ALLOWED_TARGETS={host} would allow it
             *
             *     `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-session`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `session-exists`: There is a session of the id {id} already: a replay makes a new one
             *
             *     `not-replayable`: Steps that cannot be replayed: {count}. Of the first, {path}: {reason}
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /**
             * @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             *
             *     `too-many-replays`: There are {max} replays of this tenant under way, as many as there may be: one has to end first
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `not-offered`: {feature} is not offered; {instead} */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionIdRequests: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description 50 when left out */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Requests of a session in the order in which they began */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Request"][];
                        error: null;
                        /** @description `cursor` of the next page; null on the last one */
                        next_cursor: string | null;
                    };
                };
            };
            /**
             * @description `invalid-parameter`: The query parameter {name} has to be {expected}
             *
             *     `invalid-limit`: invalid limit
             *
             *     `limit-too-high`: Limit cannot be greater than {max}
             *
             *     `invalid-cursor`: The cursor is not one that this endpoint gave; start again without it
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-session`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionBySessionIdScore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    scores: {
                        [key: string]: number | boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Score a session */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `too-many-values`: This would be more than {max} {what}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `no-request-found`: No request found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionIdSteps: {
        parameters: {
            query?: {
                /** @description `next` of the answer before: only what came since */
                since?: string;
            };
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every request of a session in few bytes, column by column, or those that came since the last answer */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            columns: {
                                completion_tokens: (number | null)[];
                                /** @description USD; null where it is not known */
                                cost: (number | null)[];
                                /** @description provider, table, estimated or none */
                                cost_source: string[];
                                /** @description At most 200 characters of it */
                                error_message: string[];
                                /** @description Empty without one */
                                error_type: string[];
                                finish_reason: string[];
                                /** @description Whether there was anything in its bodies */
                                has_bodies: boolean[];
                                is_error: boolean[];
                                latency_ms: number[];
                                model: string[];
                                /** @description As it was sent */
                                path: string[];
                                /** @description What a step is known by in its session: one that came before is the same step, changed since */
                                position: number[];
                                prompt_cache_read_tokens: number[];
                                prompt_cache_write_tokens: number[];
                                prompt_tokens: (number | null)[];
                                provider: string[];
                                reasoning_tokens: number[];
                                request_bytes: number[];
                                request_id: string[];
                                response_bytes: number[];
                                /** @description Null without any */
                                scores: ({
                                    [key: string]: number;
                                } | null)[];
                                /** @description Epoch ms: what the steps are ordered by, then by request id */
                                started_at: number[];
                                status: number[];
                                /** @description llm, tool, vector_db or data */
                                step_kind: string[];
                                streamed: boolean[];
                                time_to_first_token_ms: (number | null)[];
                                usage_complete: boolean[];
                                user_id: string[];
                            };
                            /** @description True: these are all steps of the session, in the place of any that came before. False: those that are new or have changed since */
                            complete: boolean;
                            /** @description How many steps there are in each column */
                            count: number;
                            /** @description `since` of the next call; null where steps are left out */
                            next: string | null;
                            /** @description The session has more than 50000: these are the first */
                            truncated: boolean;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-cursor`: The cursor is not one that this endpoint gave; start again without it
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-session`: Session not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionBySessionIdTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tag of a session */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Null: it has none */
                        data: string | null;
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionBySessionIdTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session, URL-encoded */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    tag: string;
                };
            };
        };
        responses: {
            /** @description Tag a session, in place of the tag that it had */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionContrastQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter?: components["schemas"]["Filter"];
                    /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
                    foldPaths?: boolean;
                    /** @description A share of the sessions, or those with an error, against the rest; or two groups */
                    groups: {
                        dearest?: number;
                    } | {
                        slowest?: number;
                    } | {
                        /** @constant */
                        failing: true;
                    } | {
                        a: {
                            filter?: components["schemas"]["Filter"];
                            nameEquals?: string;
                            pattern?: components["schemas"]["SessionPattern"];
                            search?: string;
                            timeFilter?: {
                                endTimeUnixMs: number;
                                startTimeUnixMs: number;
                            };
                        };
                        b: {
                            filter?: components["schemas"]["Filter"];
                            nameEquals?: string;
                            pattern?: components["schemas"]["SessionPattern"];
                            search?: string;
                            timeFilter?: {
                                endTimeUnixMs: number;
                                startTimeUnixMs: number;
                            };
                        };
                    };
                    /** @description Kinds of features; all when left out. Properties take as long as all others together */
                    kinds?: ("path" | "model" | "provider" | "status" | "property" | "requests")[];
                    nameEquals?: string;
                    pattern?: components["schemas"]["SessionPattern"];
                    search?: string;
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                };
            };
        };
        responses: {
            /** @description In what two groups of sessions differ, and by how much */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionContrast"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionCount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    aggregateOver?: "session" | "matching";
                    cursor?: string;
                    filter: components["schemas"]["Filter"];
                    limit?: number;
                    nameEquals?: string;
                    offset?: number;
                    pattern?: components["schemas"]["SessionPattern"];
                    search: string;
                    sort?: {
                        [key: string]: "asc" | "desc";
                    };
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                };
            };
        };
        responses: {
            /** @description How many sessions the same body selects, their cost and means */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description USD */
                            avg_cost: number;
                            avg_latency: number;
                            avg_requests: number;
                            count: number;
                            /** @description USD */
                            total_cost: number;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    columns?: ("session_id" | "session_name" | "session_names" | "created_at" | "latest_request_created_at" | "duration_ms" | "total_requests" | "error_count" | "success_rate" | "total_cost" | "cost_complete" | "unpriced_requests" | "prompt_tokens" | "completion_tokens" | "total_tokens" | "reasoning_tokens" | "prompt_cache_read_tokens" | "prompt_cache_write_tokens" | "avg_latency" | "p95_latency" | "user_ids" | "models" | "providers" | "tag" | "feedback" | "scores" | "live" | "truncated_fields" | "deleted_bodies" | "request_id" | "session_path" | "request_created_at" | "response_created_at" | "request_user_id" | "step_kind" | "provider" | "model" | "request_model" | "response_model" | "target_url" | "request_path" | "response_status" | "error_type" | "error_message" | "finish_reason" | "delay_ms" | "time_to_first_token" | "prompt_audio_tokens" | "completion_audio_tokens" | "cost" | "cost_source" | "price_version" | "usage_complete" | "size_bytes" | "properties" | "trace_id" | "span_id" | "parent_span_id")[];
                    filter: components["schemas"]["Filter"];
                    /** @enum {string} */
                    format: "csv" | "jsonl" | "parquet";
                    nameEquals?: string;
                    pattern?: components["schemas"]["SessionPattern"];
                    search: string;
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                    /** @enum {string} */
                    what?: "sessions" | "requests";
                };
            };
        };
        responses: {
            /** @description The selected sessions, newest first, or all their requests, as a file that is written while it is read */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                    "application/vnd.apache.parquet": string;
                    "text/csv": string;
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /**
             * @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             *
             *     `too-many-exports`: There are {max} exports of this tenant under way, as many as there may be: one has to end first
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionFacetsQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    facets: {
                        contains?: string;
                        /** @enum {string} */
                        facet: "name" | "model" | "provider" | "status" | "user" | "tag" | "feedback" | "property_keys" | "property";
                        limit?: number;
                        property?: string;
                    }[];
                    filter: components["schemas"]["Filter"];
                    nameEquals?: string;
                    pattern?: components["schemas"]["SessionPattern"];
                    ranges?: ("cost" | "requests" | "tokens" | "duration_ms" | "avg_latency" | "p95_latency" | "errors")[];
                    search: string;
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                };
            };
        };
        responses: {
            /** @description How many of the selected sessions have each name, model, user …, and how their figures are distributed */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description In the order in which they were asked for */
                            facets: components["schemas"]["SessionFacet"][];
                            /** @description Those that were asked for; null where nothing is selected */
                            ranges: {
                                avg_latency?: components["schemas"]["SessionRange"] | null;
                                cost?: components["schemas"]["SessionRange"] | null;
                                duration_ms?: components["schemas"]["SessionRange"] | null;
                                errors?: components["schemas"]["SessionRange"] | null;
                                p95_latency?: components["schemas"]["SessionRange"] | null;
                                requests?: components["schemas"]["SessionRange"] | null;
                                tokens?: components["schemas"]["SessionRange"] | null;
                            };
                            /** @description How many are selected */
                            sessions: number;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `invalid-limit`: invalid limit
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionFlowQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Calls of one path in a row are one step. True when left out */
                    collapseRepeats?: boolean;
                    /** @description Positions shown; 8 when left out */
                    depthMax?: number;
                    filter?: components["schemas"]["Filter"];
                    /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
                    foldPaths?: boolean;
                    /** @description Nodes of a smaller share of the sessions become one, `other`; 0.01 when left out */
                    mergeBelow?: number;
                    nameEquals?: string;
                    pathLevels?: number;
                    pattern?: components["schemas"]["SessionPattern"];
                    search?: string;
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                };
            };
        };
        responses: {
            /** @description From which step to which the selected sessions go, position by position */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionFlow"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionFunnelQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter?: components["schemas"]["Filter"];
                    /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
                    foldPaths?: boolean;
                    nameEquals?: string;
                    pattern?: components["schemas"]["SessionPattern"];
                    search?: string;
                    steps: {
                        /** @enum {string} */
                        match?: "equals" | "prefix";
                        /** @description In any spelling; `/` for requests without a path */
                        path: string;
                    }[];
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                };
            };
        };
        responses: {
            /** @description How many of the selected sessions take some steps in order, and after which they stop */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionFunnel"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSessionHasSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether there is any session */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: boolean;
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionImport: {
        parameters: {
            query?: {
                /** @description Id of the session that it becomes, in place of the one that it has; its requests get ids of their own */
                as?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/gzip": string;
                "application/jsonl": string;
            };
        };
        responses: {
            /** @description Record the session of a file that was exported, here or elsewhere */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ImportedSession"];
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-session-id`: The id of a session is a text of 1 to {max} characters
             *
             *     `invalid-bundle`: The file cannot be imported: line {line} {reason}; nothing was recorded
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `session-is-there`: There is a session {id} already, {reason}: give this one another id (?as=, --as); nothing was recorded
             *
             *     `requests-are-there`: Request {request} of the file is there already, {place}: give the session another id (?as=, --as), so that its requests get ids of their own; nothing was recorded
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first.
             *
             *     `too-many-imports`: Another import of this tenant is under way: it has to end first
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `import-refused`: There is no room on disk for the file: nothing was recorded; try again
             *
             *     `import-incomplete`: The event log takes no more, because it is full or its disk is: {done} of {missing} requests were recorded; send the file again, and the others follow
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionMetricsQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    aggregateOver?: "session" | "matching";
                    filter?: components["schemas"]["Filter"];
                    nameContains: string;
                    nameEquals?: string;
                    /** @enum {string} */
                    pSize?: "p50" | "p75" | "p95" | "p99" | "p99.9";
                    timeFilter?: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                    useInterquartile?: boolean;
                };
            };
        };
        responses: {
            /** @description What the selected sessions come to, and how requests, seconds and cost are distributed among them */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionMetrics"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionNameQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    aggregateOver?: "session" | "matching";
                    filter?: components["schemas"]["Filter"];
                    limit?: number;
                    nameContains: string;
                    offset?: number;
                    /** @enum {string} */
                    pSize?: "p50" | "p75" | "p95" | "p99" | "p99.9";
                    timeFilter?: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                    useInterquartile?: boolean;
                };
            };
        };
        responses: {
            /** @description Names of sessions, last used first */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionName"][];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionOverTimeQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    dbIncrement: string;
                    every?: number;
                    filter: components["schemas"]["Filter"];
                    nameEquals?: string;
                    pattern?: components["schemas"]["SessionPattern"];
                    search: string;
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                };
            };
        };
        responses: {
            /** @description What the selected sessions come to, by the interval in which they began */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Of those that began before the first interval and had a request in the window */
                            before: {
                                /** @description Mean over the sessions, 0 without any */
                                avg_duration_ms: number;
                                completion_tokens: number;
                                /** @description USD */
                                cost: number;
                                errors: number;
                                /** @description With an error */
                                failing_sessions: number;
                                prompt_tokens: number;
                                requests: number;
                                sessions: number;
                            };
                            /** @description Of the sessions that began in each interval, the empty ones included */
                            points: {
                                /** @description Mean over the sessions, 0 without any */
                                avg_duration_ms: number;
                                completion_tokens: number;
                                /** @description USD */
                                cost: number;
                                errors: number;
                                /** @description With an error */
                                failing_sessions: number;
                                prompt_tokens: number;
                                requests: number;
                                sessions: number;
                                time: components["schemas"]["Timestamp"];
                            }[];
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `invalid-time-increment`: Invalid time increment
             *
             *     `too-many-intervals`: This is more than {max} points of one {increment} each: choose a longer increment or a shorter range
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionPathQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter?: components["schemas"]["Filter"];
                    /** @description Segments of paths that are numbers count as `{n}`, UUIDs and hexadecimal digits from 16 on as `{id}`. True when left out */
                    foldPaths?: boolean;
                    /** @description 50 when left out */
                    limit?: number;
                    nameEquals?: string;
                    pathLevels?: number;
                    pattern?: components["schemas"]["SessionPattern"];
                    search?: string;
                    /**
                     * @description `cost` when left out
                     * @enum {string}
                     */
                    sort?: "cost" | "avg_cost" | "avg_latency" | "requests" | "errors" | "sessions";
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                };
            };
        };
        responses: {
            /** @description What each path comes to in the selected sessions: the dearest, the slowest, those that fail */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SessionPaths"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSessionQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    aggregateOver?: "session" | "matching";
                    cursor?: string;
                    filter: components["schemas"]["Filter"];
                    limit?: number;
                    nameEquals?: string;
                    offset?: number;
                    pattern?: components["schemas"]["SessionPattern"];
                    search: string;
                    sort?: {
                        [key: string]: "asc" | "desc";
                    };
                    timeFilter: {
                        endTimeUnixMs: number;
                        startTimeUnixMs: number;
                    };
                    timezoneDifference: number;
                };
            };
        };
        responses: {
            /** @description Sessions that have a matching request in the window, a page at a time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Session"][];
                        error: null;
                        /** @description `cursor` of the next page; null on the last one */
                        next_cursor: string | null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-timezone`: Invalid timezone difference
             *
             *     `invalid-cursor`: The cursor is not one that this endpoint gave; start again without it
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSystemAudit: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description 50 when left out */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was done with keys and tenants, newest first */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            action: string;
                            actor: {
                                key_id: string;
                                tenant_id: string;
                            };
                            at: components["schemas"]["Timestamp"];
                            details: {
                                [key: string]: string;
                            };
                            id: string;
                            target: string;
                            /** @description Whose key or data it is about */
                            tenant_id: string;
                        }[];
                        error: null;
                        /** @description `cursor` of the next page; null on the last one */
                        next_cursor: string | null;
                    };
                };
            };
            /**
             * @description `invalid-limit`: invalid limit
             *
             *     `limit-too-high`: Limit cannot be greater than {max}
             *
             *     `invalid-cursor`: The cursor is not one that this endpoint gave; start again without it
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSystemDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events that could not be processed, the newest thousand, newest first */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            offset: number;
                            partition: number;
                            reason: string;
                            seen_at: components["schemas"]["Timestamp"];
                            size_bytes: number;
                            /** @description Where processing failed: decode or read-call */
                            step: string;
                        }[];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSystemDeadLettersByPartitionByOffset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The place in the partition, from 0 */
                offset: string;
                /** @description Of the log, from 0 */
                partition: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An event that could not be processed: what can be read of it, and how it begins */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description The event without its bodies; null where it cannot be read */
                            event: {
                                [key: string]: unknown;
                            } | null;
                            /** @description Whether `text` is all of it */
                            is_whole: boolean;
                            offset: number;
                            partition: number;
                            reason: string;
                            seen_at: components["schemas"]["Timestamp"];
                            size_bytes: number;
                            /** @description Where processing failed: decode or read-call */
                            step: string;
                            /** @description Its first bytes: what ASCII can print as it is, the rest as \xNN */
                            text: string;
                        };
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-dead-letter`: There is no dead letter at {place} */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSystemDeadLettersByPartitionByOffsetReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The place in the partition, from 0 */
                offset: string;
                /** @description Of the log, from 0 */
                partition: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Try it again, as a new event */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Where the new try went */
                            partition: number;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `replay-refused`: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-dead-letter`: There is no dead letter at {place} */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSystemLedger: {
        parameters: {
            query?: {
                /** @description 60 when left out */
                minutes?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the events of the last minutes, of all tenants */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description What the log has lost, whenever that was: the newest hundred */
                            gaps: {
                                found_at: components["schemas"]["Timestamp"];
                                /** @description A place in the log */
                                from: number;
                                partition: number;
                                reason: string;
                                /** @description A place in the log */
                                through: number;
                            }[];
                            /** @description Minutes in which anything was accepted, ascending */
                            minutes: {
                                /** @description Calls and annotations, each once however often it was sent */
                                accepted: number;
                                /** @description When the minute begins, by the time at which events were accepted */
                                at: components["schemas"]["Timestamp"];
                                /** @description By kind: resent, duplicate, refused, dead, control, … */
                                exceptions: {
                                    [key: string]: number;
                                };
                                /** @description Places in the log that are accounted for */
                                logged: number;
                                /** @description Calls that the log had no room for */
                                refused: number;
                                /** @description Rows of calls and annotations */
                                stored: number;
                                /** @description Of them, those that totals have applied */
                                totalled: number;
                            }[];
                            partitions: {
                                /** @description A place in the log */
                                applied: number;
                                logged: number | null;
                                partition: number;
                                /** @description Logged and not applied: in none of the minutes yet */
                                waiting: number | null;
                            }[];
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-minutes`: minutes is a whole number from 1 to {max}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSystemLedgerAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Compare everything accepted, logged, stored and totalled: reads whole tables, one audit at a time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            at: components["schemas"]["Timestamp"];
                            /** @description Nothing differs */
                            clean: boolean;
                            partitions: {
                                accepted: number;
                                applied: number;
                                /** @description What does not add up; empty when everything does */
                                differences: string[];
                                log_id: string;
                                logged: number;
                                /** @description What the log has lost, named and counted */
                                losses: string[];
                                partition: number;
                                refused: number;
                                stored: {
                                    annotations: number;
                                    /** @description By kind: resent, duplicate, refused, dead, control, … */
                                    exceptions: {
                                        [key: string]: number;
                                    };
                                    requests: number;
                                };
                                totalled: number;
                            }[];
                            /** @description Everything logged is applied */
                            settled: boolean;
                        };
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSystemStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions, sizes, how far everything has come, and what does not answer */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            checks: {
                                name: string;
                                ok: boolean;
                                reason: string | null;
                            }[];
                            /** @description Version of ClickHouse */
                            engine: string | null;
                            /** @description Of the event log on disk; null over servers */
                            log_bytes: number | null;
                            /**
                             * @description `embedded`: everything in one process. `servers`: this process answers queries, over servers
                             * @enum {string}
                             */
                            mode: "embedded" | "servers";
                            node: string;
                            /** @description What this process has accepted and not sent yet; null where there is none. Those of gateways are in their metrics */
                            outbox: {
                                bytes: number;
                                events: number;
                                oldest_ms: number;
                            } | null;
                            partitions: {
                                /** @description Of them, those that totals show */
                                applied: number;
                                /** @description The oldest event that is not applied has waited so long at most; null while nobody has applied any */
                                behind_ms: number | null;
                                /** @description Events that the log has given a place; null: it does not answer */
                                logged: number | null;
                                partition: number;
                                /** @description Of them, those that lists show */
                                shown: number;
                            }[];
                            /** @description The newest migration of the analytics store */
                            schema: number | null;
                            started_at: components["schemas"]["Timestamp"];
                            /** @description Of the analytics store, the largest first; over servers, of the one that is asked */
                            tables: {
                                bytes: number;
                                name: string;
                                rows: number;
                            }[] | null;
                            /** @description Live totals */
                            totals: {
                                bytes: number;
                                sessions: number;
                            } | null;
                            /** @description Of this process */
                            uptime_ms: number;
                            /** @description Of Throughline */
                            version: string;
                        };
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceAnthropicLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceAnthropicV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceCustomLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceCustomLogTyped: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /** @description `malformed-json`: The body is not JSON: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        errors: {
                            field: string;
                            message: string;
                        }[];
                        /** @constant */
                        isValid: false;
                    } | components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceCustomV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceGoogleapisLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceGoogleapisV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OtlpTraces"];
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Every span that tells of a step is in the log, but for those that are counted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpTracesTaken"];
                    "application/x-protobuf": string;
                };
            };
            /** @description `invalid-trace`: The body is no OTLP export of traces: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
        };
    };
    postTraceLogPython: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OtlpTraces"];
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Every span that tells of a step is in the log, but for those that are counted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpTracesTaken"];
                    "application/x-protobuf": string;
                };
            };
            /** @description `invalid-trace`: The body is no OTLP export of traces: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
        };
    };
    postTraceOaiLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraceOaiV1Log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TraceLogBody"];
            };
        };
        responses: {
            /** @description The call is in the log */
            200: {
                headers: {
                    /** @description The id under which it is found */
                    "Helicone-Id": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": "ok";
                };
            };
            /**
             * @description `invalid-log`: {reason}
             *
             *     `malformed-json`: The body is not JSON: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postTraces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OtlpTraces"];
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Every span that tells of a step is in the log, but for those that are counted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpTracesTaken"];
                    "application/x-protobuf": string;
                };
            };
            /** @description `invalid-trace`: The body is no OTLP export of traces: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `unknown-encoding`: Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
            /**
             * @description `log-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again
             *
             *     `too-many-logs`: Too much is being logged at the same time; try again in a second
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OtlpError"];
                };
            };
        };
    };
    deleteUserByUserIdData: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user as it was recorded, URL-encoded */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete all requests of a user */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description How many were deleted */
                            requests: number;
                        };
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `no-request-found`: No request found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `annotation-refused`: The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again
             *
             *     `deletion-incomplete`: Some of it is deleted, and some of it the event log did not take, because it is full or its disk is: send it again
             *
             *     `not-shown-yet`: It is recorded and will show, but not within the time of this call; there is no need to send it again
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUserMetricsOverviewQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["UserFilter"];
                    /** @enum {string} */
                    pSize?: "p50" | "p75" | "p95" | "p99" | "p99.9";
                    useInterquartile?: boolean;
                };
            };
        };
        responses: {
            /** @description How requests and cost are distributed among the selected users */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            request_count: components["schemas"]["HistogramBin"][];
                            user_cost: components["schemas"]["HistogramBin"][];
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUserMetricsQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filter: components["schemas"]["UserFilter"];
                    limit: number;
                    offset: number;
                    sort?: {
                        [key: string]: "asc" | "desc";
                    };
                    timeFilter?: {
                        endTimeUnixSeconds: number;
                        startTimeUnixSeconds: number;
                    };
                    timeZoneDifferenceMinutes?: number;
                };
            };
        };
        responses: {
            /** @description Users and what their requests come to, a page at a time */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description How many are selected */
                            count: number;
                            /** @description Whether there are any at all */
                            hasUsers: boolean;
                            users: components["schemas"]["User"][];
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `invalid-time-zone`: Invalid time zone difference
             *
             *     `limit-too-high`: Limit cannot be greater than {max}
             *
             *     `invalid-limit`: invalid limit
             *
             *     `invalid-offset`: unsupport offset value
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postUserQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    timeFilter?: {
                        endTimeUnixSeconds: number;
                        startTimeUnixSeconds: number;
                    };
                    userIds?: string[];
                };
            };
        };
        responses: {
            /** @description What the requests of some users, or of all, come to; 100 users at most */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            completion_tokens: number;
                            /** @description USD */
                            cost: number;
                            count: number;
                            prompt_tokens: number;
                            user_id: string;
                        }[];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `unsupported-filter`: The filter cannot be used here: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getViews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Saved views, by name */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["View"][];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postViews: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    url: string;
                };
            };
        };
        responses: {
            /** @description Save a view under a name of its own */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["View"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `too-many-views`: A tenant has at most {max} views: delete one first
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `view-name-taken`: There is a view of this name already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putViewsByViewId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the view */
                viewId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    url: string;
                };
            };
        };
        responses: {
            /** @description Give a view another name, another place, or both */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["View"];
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-view`: View not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `view-name-taken`: There is a view of this name already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteViewsByViewId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the view */
                viewId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a view */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-view`: View not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks of the tenant, newest first, without their keys */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    config?: components["schemas"]["WebhookConfig"];
                    /** @description Where it is told: https://… */
                    destination: string;
                    /** @description Also model, provider, figures and a link to the whole bodies: true when left out */
                    includeData?: boolean;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Be told of calls with `Helicone-Webhook-Enabled: true` from now on */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            config: {
                                propertyFilters: {
                                    key: string;
                                    value: string;
                                }[];
                                sampleRate: number;
                            };
                            created_at: components["schemas"]["Timestamp"];
                            destination: string;
                            /** @description What is sent is signed with it; shown this once */
                            hmac_key: string;
                            id: string;
                            includeData: boolean;
                            name: string;
                        };
                        error: null;
                    };
                };
            };
            /**
             * @description `malformed-json`: The body is not JSON: {reason}
             *
             *     `invalid-destination`: The destination is not an absolute URL without user and password: {value}
             *
             *     `insecure-destination`: What is sent to {host} could be read on its way: the destination should begin with https://
             *
             *     `too-many-webhooks`: A tenant has at most {max} webhooks: delete one first
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `target-not-allowed`: {host} is not a public address; ALLOWED_TARGETS={host} would allow it
             *
             *     `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body-too-large`: The body is larger than {limit} bytes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `invalid-body`: Validation Failed */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidBody"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWebhooksByWebhookId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a webhook: nothing more is sent there */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                        error: null;
                    };
                };
            };
            /** @description `bad-request`: The request cannot be read: {reason} */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-webhook`: Webhook not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhooksByWebhookIdDeliveries: {
        parameters: {
            query?: {
                /** @description 50 when left out */
                limit?: number;
                /** @description Only those: all when left out */
                state?: "waiting" | "delivered" | "failed";
            };
            header?: never;
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the last deliveries to a webhook, those of the newest calls first */
            200: {
                headers: {
                    /** @description Up to when the answer reflects what was recorded, ISO 8601 */
                    "Throughline-As-Of": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        error: null;
                    };
                };
            };
            /**
             * @description `invalid-limit`: invalid limit
             *
             *     `limit-too-high`: Limit cannot be greater than {max}
             *
             *     `invalid-delivery-state`: A state is one of {states}
             *
             *     `bad-request`: The request cannot be read: {reason}
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `no-key`: No authorization header
             *
             *     `unknown-key`: No API key found
             *
             *     `missing-permission`: This key lacks the permission {permission}; use a key that has it
             *
             *     `invalid-auth-header`: Invalid auth header
             *
             *     `invalid-auth-header-format`: Invalid auth header format
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `foreign-host`: Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown-webhook`: Webhook not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too-many-queries`: Too many requests, please try again later. Queries of this tenant under way have to end first. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `internal`: Something failed on our side; the log has it under {id} */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `keys-unavailable`: The key is not known here and cannot be looked up at the moment; try again in a few seconds
             *
             *     `query-timeout`: Query timeout. Try a shorter time range or simpler filters.
             *
             *     `query-too-large`: Query used too much memory. Try a shorter time range or simpler filters.
             *
             *     `store-unavailable`: The store does not answer; try again in a moment
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
