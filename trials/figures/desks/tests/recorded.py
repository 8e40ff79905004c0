"""Answers of the three APIs as their documentation shows them, made by hand, with what we read and some of the rest.

Monday 14 January 2030 is the first day of a trial in `trials.builders`.
"""

ZENDESK_TICKETS_1 = {
    "tickets": [
        {
            "id": 35436,
            "url": "https://example.zendesk.com/api/v2/tickets/35436.json",
            "assignee_id": 235323,
            "created_at": "2030-01-14T08:00:00Z",
            "updated_at": "2030-01-14T12:00:00Z",
            "generated_timestamp": 1894622400,
            "status": "closed",
            "subject": "Help, my printer is on fire!",
            "metric_set": {
                "id": 33,
                "ticket_id": 35436,
                "reopens": 1,
                "replies": 3,
                "solved_at": "2030-01-14T12:00:00Z",
                "reply_time_in_minutes": {"calendar": 30, "business": 10},
                "full_resolution_time_in_minutes": {"calendar": 240, "business": 120},
            },
        },
        {
            "id": 35437,
            "assignee_id": 235323,
            "created_at": "2030-01-14T09:00:00Z",
            "status": "solved",
            "metric_set": {
                "ticket_id": 35437,
                "reopens": 0,
                "solved_at": "2030-01-14T11:00:00Z",
                "reply_time_in_minutes": {"calendar": 50, "business": 50},
                "full_resolution_time_in_minutes": {"calendar": 120, "business": 120},
            },
        },
    ],
    "after_url": "https://elsewhere.example/api/v2/incremental/tickets/cursor.json?cursor=MTU4",
    "after_cursor": "MTU4",
    "end_of_stream": False,
}
ZENDESK_TICKETS_2 = {
    "tickets": [
        {
            "id": 35438,
            "assignee_id": 999,
            "created_at": "2030-01-15T23:50:00Z",
            "status": "open",
            "metric_set": {
                "ticket_id": 35438,
                "reopens": 0,
                "solved_at": None,
                "reply_time_in_minutes": {"calendar": 20, "business": None},
                "full_resolution_time_in_minutes": {"calendar": None, "business": None},
            },
        }
    ],
    "after_cursor": "MTU5",
    "end_of_stream": True,
}
ZENDESK_RATINGS_1 = {
    "satisfaction_ratings": [
        {"id": 1, "assignee_id": 235323, "ticket_id": 208, "score": "bad", "created_at": "2030-01-14T10:00:00Z"},
        {"id": 2, "assignee_id": 235323, "ticket_id": 208, "score": "good", "created_at": "2030-01-14T16:00:00Z",
         "comment": "Awesome support!"},
    ],
    "meta": {"has_more": True, "after_cursor": "xxx", "before_cursor": "yyy"},
    "links": {"next": "https://elsewhere.example/api/v2/satisfaction_ratings.json?page[after]=xxx"},
}  # fmt: skip
ZENDESK_RATINGS_2 = {
    "satisfaction_ratings": [
        {"id": 3, "assignee_id": 235323, "ticket_id": 209, "score": "bad_with_comment",
         "created_at": "2030-01-14T17:00:00Z"},
    ],
    "meta": {"has_more": False, "after_cursor": "zzz", "before_cursor": "yyy"},
}  # fmt: skip
ZENDESK_USERS = {
    "users": [
        {"id": 235323, "name": "Carol Candidate", "email": "Carol@Example.org", "role": "agent", "active": True},
        {"id": 999, "name": "Tom Team", "email": "tom@example.org", "role": "admin", "active": True},
    ],
    "meta": {"has_more": False, "after_cursor": None, "before_cursor": None},
}

FRESHDESK_TICKETS = [
    {
        "id": 20,
        "responder_id": 1,
        "requester_id": 7,
        "status": 4,
        "spam": False,
        "created_at": "2030-01-14T08:00:00Z",
        "updated_at": "2030-01-15T08:00:00Z",
        "stats": {
            "agent_responded_at": "2030-01-14T09:00:00Z",
            "requester_responded_at": "2030-01-14T09:30:00Z",
            "first_responded_at": "2030-01-14T09:00:00Z",
            "status_updated_at": "2030-01-14T10:00:00Z",
            "reopened_at": "2030-01-14T09:30:00Z",
            "resolved_at": "2030-01-14T10:00:00Z",
            "closed_at": None,
            "pending_since": None,
        },
    },
    {
        "id": 21,
        "responder_id": 1,
        "status": 5,
        "spam": False,
        "created_at": "2030-01-14T08:00:00Z",
        "stats": {
            "first_responded_at": "2030-01-14T08:20:00Z",
            "reopened_at": None,
            "resolved_at": None,
            "closed_at": "2030-01-14T12:00:00Z",
        },
    },
    {"id": 22, "responder_id": 1, "status": 5, "spam": True, "created_at": "2030-01-14T08:00:00Z",
     "stats": {"first_responded_at": "2030-01-14T08:20:00Z", "closed_at": "2030-01-14T08:30:00Z"}},
]  # fmt: skip
FRESHDESK_RATINGS = [
    {"id": 102, "survey_id": 1, "user_id": 2, "agent_id": 1, "ticket_id": 432, "created_at": "2030-01-14T09:08:16Z",
     "ratings": {"default_question": 103, "question_2": -102}},
    {"id": 103, "survey_id": 1, "user_id": 2, "agent_id": 1, "ticket_id": 433, "created_at": "2030-01-14T09:09:16Z",
     "ratings": {"default_question": 100}},
    {"id": 104, "survey_id": 1, "user_id": 3, "agent_id": 1, "ticket_id": 434, "created_at": "2030-01-14T09:10:16Z",
     "ratings": {"default_question": 101}},
    {"id": 105, "survey_id": 1, "user_id": 3, "agent_id": 1, "ticket_id": 435, "created_at": "2030-01-14T09:11:16Z",
     "ratings": {"default_question": -103}},
]  # fmt: skip
FRESHDESK_AGENTS = [
    {"id": 1, "available": True, "ticket_scope": 1,
     "contact": {"active": True, "email": "carol@example.org", "name": "Carol Candidate", "mobile": None}},
]  # fmt: skip

HELPSCOUT_TOKEN = {"token_type": "bearer", "access_token": "369dbb08be58430086d2f8bd832bc1eb", "expires_in": 172800}
HELPSCOUT_CONVERSATIONS_1 = {
    "_embedded": {
        "conversations": [
            {
                "id": 10,
                "number": 12,
                "threads": 3,
                "type": "email",
                "status": "closed",
                "state": "published",
                "assignee": {"id": 4, "type": "user", "first": "Carol", "last": "Candidate", "email": "c@example.org"},
                "createdBy": {"id": 29, "type": "customer", "email": "vbird@example.org"},
                "createdAt": "2030-01-14T08:00:00Z",
                "closedBy": 4,
                "closedByUser": {"id": 4, "type": "user"},
                "closedAt": "2030-01-14T14:00:00Z",
                "_embedded": {
                    "threads": [
                        {"id": 3, "type": "message", "state": "published", "createdAt": "2030-01-14T13:00:00Z",
                         "createdBy": {"id": 4, "type": "user"}},
                        {"id": 2, "type": "message", "state": "published", "createdAt": "2030-01-14T08:45:00Z",
                         "createdBy": {"id": 5, "type": "user"}},
                        {"id": 1, "type": "customer", "state": "published", "createdAt": "2030-01-14T08:00:00Z",
                         "createdBy": {"id": 29, "type": "customer"}},
                    ]
                },
            }
        ]
    },
    "_links": {"next": {"href": "https://elsewhere.example/v2/conversations?page=2"}},
    "page": {"size": 25, "totalElements": 26, "totalPages": 2, "number": 1},
}  # fmt: skip
HELPSCOUT_CONVERSATIONS_2 = {
    "_embedded": {
        "conversations": [
            {"id": 11, "status": "spam", "createdAt": "2030-01-14T08:00:00Z", "closedAt": "2030-01-14T08:01:00Z",
             "assignee": {"id": 4}, "createdBy": {"id": 30, "type": "customer"}},
            {"id": 12, "status": "closed", "createdAt": "2030-01-14T08:00:00Z", "closedAt": "2030-01-14T10:00:00Z",
             "closedByUser": {"id": 4, "type": "user"}, "createdBy": {"id": 4, "type": "user"},
             "_embedded": {"threads": []}},
        ]
    },
    "page": {"size": 25, "totalElements": 26, "totalPages": 2, "number": 2},
}  # fmt: skip
HELPSCOUT_RATINGS = {
    "facets": {},
    "results": [
        {"number": 12, "id": 10, "type": "email", "threadid": 3, "threadCreatedAt": "2030-01-14T13:00:00Z",
         "ratingId": 1, "ratingCustomerId": 29, "ratingComments": "", "ratingCreatedAt": "2030-01-14T15:00:00Z",
         "ratingCustomerName": "Vernon Bird", "ratingUserId": 4, "ratingUserName": "Carol Candidate"},
        {"number": 13, "id": 11, "type": "email", "threadid": 4, "ratingId": 2, "ratingCustomerId": 30,
         "ratingCreatedAt": "2030-01-14T15:00:00Z", "ratingUserId": 4, "ratingUserName": "Carol Candidate"},
    ],
    "page": 1, "count": 2, "pages": 1,
}  # fmt: skip
HELPSCOUT_USERS = {
    "_embedded": {
        "users": [
            {"id": 4, "firstName": "Carol", "lastName": "Candidate", "email": "carol@example.org", "role": "user"},
            {"id": 5, "firstName": "Tom", "lastName": "Team", "email": "tom@example.org", "role": "owner"},
        ]
    },
    "page": {"size": 50, "totalElements": 2, "totalPages": 1, "number": 1},
}
