//! Answers in the shape of the service's, of people and projects that do not exist.

pub(super) const ALL: [&str; 10] =
    [BUILDS, TIMELINE, RELEASES, COMMITS, PULL_REQUEST, PULL_REQUESTS, ERROR, STATUSES, TAGS, TAG];

pub(super) const STATUSES: &str = r#"{
  "count": 2,
  "value": [
    {
      "commitId": "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "comment": "quiz-api main-6101",
      "statuses": [
        { "id": 4, "state": "pending", "description": "underway", "context": { "name": "Status", "genre": "Kustomization" },
          "creationDate": "2026-11-20T10:00:00.5Z" },
        { "id": 6, "state": "succeeded", "description": "reconciliation succeeded",
          "context": { "name": "kustomization/apps/0c9c2e41", "genre": "fluxcd:east" }, "creationDate": "2026-11-20T10:00:01Z" },
        { "id": 7, "state": "error", "description": "health check failed",
          "context": { "name": "kustomization/apps/0c9c2e41", "genre": "fluxcd:west" }, "creationDate": "2026-11-20T10:03:00Z" },
        { "id": 5, "state": "failed", "description": " ", "context": { "name": "Status", "genre": "Kustomization" },
          "creationDate": "2026-11-20T10:02:00Z" },
        { "id": 8, "state": "notApplicable", "context": { "name": "deployment.apps", "genre": "Kustomization" } },
        { "id": 9, "state": "notSet", "context": { "name": "bare", "genre": "" } },
        { "id": 10, "state": "succeeded", "context": { "genre": "fluxcd" } },
        { "id": 11, "state": "succeeded" }
      ]
    },
    { "commitId": "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f" }
  ]
}"#;

pub(super) const TAGS: &str = r#"{
  "count": 5,
  "value": [
    { "name": "refs/tags/flux-east", "objectId": "0396d996", "peeledObjectId": "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f" },
    { "name": "refs/tags/flux-west", "objectId": "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f" },
    { "name": "refs/heads/flux-x", "objectId": "77aa8a1e" },
    { "name": "refs/tags/flux-none" },
    { "objectId": "77aa8a1e" }
  ]
}"#;

pub(super) const TAG: &str = r#"{
  "name": "flux-east",
  "objectId": "0396d996",
  "taggedObject": { "objectId": "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f", "objectType": "commit" },
  "taggedBy": { "name": "Flux", "email": "flux@contoso.example", "date": "2026-11-20T10:00:00" },
  "message": "Here is the cluster"
}"#;

pub(super) const BUILDS: &str = r#"{
  "count": 3,
  "value": [
    {
      "_links": { "web": { "href": "https://dev.azure.com/contoso/9d1c/_build/results?buildId=6101" } },
      "id": 6101,
      "buildNumber": "20261120.3",
      "status": "completed",
      "result": "partiallySucceeded",
      "queueTime": "2026-11-20T09:12:01.1234567Z",
      "startTime": "2026-11-20T09:12:11.5Z",
      "finishTime": "2026-11-20T09:16:40Z",
      "url": "https://dev.azure.com/contoso/9d1c/_apis/build/Builds/6101",
      "sourceBranch": "refs/heads/main",
      "sourceVersion": "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "requestedFor": {
        "displayName": "Mara Lind",
        "uniqueName": "mara.lind@contoso.example",
        "imageUrl": "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/aad.old",
        "_links": { "avatar": { "href": "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/aad.bWFyYQ" } }
      },
      "repository": { "id": "contoso/quiz-api", "type": "GitHub", "clean": null }
    },
    {
      "id": 6102,
      "buildNumber": "20261120.4",
      "status": "inProgress",
      "queueTime": "2026-11-20T09:20:00Z",
      "startTime": "2026-11-20T09:20:09Z",
      "finishTime": "0001-01-01T00:00:00",
      "url": "https://dev.azure.com/contoso/9d1c/_apis/build/Builds/6102",
      "sourceBranch": "refs/pull/88/merge",
      "sourceVersion": "aa0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "requestedFor": {
        "displayName": "Microsoft.VisualStudio.Services.TFS",
        "uniqueName": "00000002-0000-8888-8000-000000000000@2c895908-04e0-4952-89fd-54b0046d6288",
        "imageUrl": "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/s2s"
      },
      "repository": {
        "id": "3d0a4bb2-0000-4000-8000-2f6f0d3c1a11", "type": "TfsGit", "name": "quiz-hld",
        "url": "https://contoso@dev.azure.com/contoso/trivia%20night/_git/quiz-hld"
      }
    },
    { "id": 6103, "status": "notStarted", "sourceVersion": "", "requestedFor": null, "repository": null, "_links": null }
  ]
}"#;

pub(super) const TIMELINE: &str = r#"{
  "records": [
    { "id": "s2", "type": "Stage", "name": "Update HLD", "identifier": "hld", "order": 2, "state": "inProgress",
      "result": null, "startTime": "2026-11-20T09:15:00Z", "finishTime": null },
    { "id": "j1", "parentId": "p1", "type": "Job", "name": "docker build", "order": 1, "state": "completed",
      "result": "succeededWithIssues", "issues": [{ "type": "warning", "message": "slow" }] },
    { "id": "s4", "type": "Stage", "name": "Smoke", "order": 4, "state": "completed", "result": "skipped" },
    { "id": "s1", "type": "Stage", "name": "Build", "order": 1, "state": "completed", "result": "succeededWithIssues",
      "startTime": "2026-11-20T09:12:11Z", "finishTime": "2026-11-20T09:14:59.98Z" },
    { "id": "p1", "parentId": "s1", "type": "Phase", "name": "Build", "order": 1, "state": "completed" },
    { "id": "a3", "parentId": "c3", "type": "Checkpoint.Approval", "name": "Checkpoint.Approval", "state": "inProgress" },
    { "id": "c3", "parentId": "s3", "type": "Checkpoint", "name": "Checkpoint", "state": "inProgress" },
    { "id": "s3", "type": "Stage", "name": "Production", "order": 3, "state": "pending", "result": null },
    { "id": "a2", "parentId": "c2", "type": "Checkpoint.Approval", "state": "completed", "result": "succeeded" },
    { "id": "c2", "parentId": "s2", "type": "Checkpoint", "state": "completed", "result": "succeeded" }
  ],
  "id": "7200", "changeId": 41
}"#;

pub(super) const RELEASES: &str = r#"{
  "count": 3,
  "value": [
    {
      "id": 246,
      "name": "Release-246",
      "status": "active",
      "createdOn": "2026-11-20T09:16:45.1Z",
      "modifiedOn": "2026-11-20T09:31:00Z",
      "createdBy": {
        "displayName": "Mara Lind", "uniqueName": "CONTOSO\\mara", "imageUrl": "https://dev.azure.com/contoso/_api/_common/identityImage?id=1"
      },
      "environments": [
        {
          "name": "Production", "rank": 2, "status": "inProgress",
          "preDeployApprovals": [{ "status": "pending", "isAutomated": false }],
          "deploySteps": []
        },
        {
          "name": "Dev", "rank": 1, "status": "succeeded", "timeToDeploy": 1.4,
          "preDeployApprovals": [{ "status": "approved", "isAutomated": true }],
          "postDeployApprovals": [],
          "deploySteps": [
            {
              "attempt": 2, "status": "succeeded", "operationStatus": "Approved",
              "queuedOn": "2026-11-20T09:25:00Z", "lastModifiedOn": "2026-11-20T09:27:30Z",
              "releaseDeployPhases": [{ "startedOn": "2026-11-20T09:25:20Z" }, { "startedOn": "2026-11-20T09:26:00Z" }]
            },
            {
              "attempt": 1, "status": "failed", "operationStatus": "PhaseFailed",
              "queuedOn": "2026-11-20T09:17:00Z", "lastModifiedOn": "2026-11-20T09:18:00Z", "releaseDeployPhases": []
            }
          ]
        }
      ],
      "artifacts": [
        { "type": "Build", "isPrimary": true, "definitionReference": { "version": { "id": "6101", "name": "20261120.3" } } },
        {
          "type": "AzureContainerRepository",
          "definitionReference": {
            "registryurl": { "id": "contoso.azurecr.io", "name": "contoso" },
            "version": { "id": "quiz-api-main-6101", "name": "quiz-api-main-6101" }
          }
        }
      ],
      "_links": { "web": { "href": "https://dev.azure.com/contoso/9d1c/_release?releaseId=246&_a=release-summary" } }
    },
    {
      "id": 245, "name": "Release-245", "status": "active",
      "createdOn": "2026-11-19T10:00:00Z", "modifiedOn": "2026-11-19T10:09:00Z", "createdBy": null,
      "environments": [
        { "name": "Dev", "rank": 1, "status": "rejected", "deploySteps": [{ "queuedOn": "0001-01-01T00:00:00" }] },
        { "name": "Production", "rank": 2, "status": "notStarted", "deploySteps": null }
      ],
      "artifacts": null
    },
    { "id": 244, "name": "Release-244", "status": "abandoned", "modifiedOn": "2026-11-18T10:00:00Z" }
  ]
}"#;

pub(super) const COMMITS: &str = r#"{
  "count": 2,
  "value": [
    {
      "commitId": "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "author": { "name": "Jon Okafor", "email": "jon.okafor@contoso.example", "date": "2026-11-20T08:00:00Z",
        "imageUrl": "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/aad.am9u" },
      "committer": { "name": "Mara Lind", "email": "mara.lind@contoso.example", "date": "2026-11-20T09:11:50Z" },
      "comment": "Count a blank answer as wrong\n\nIt was skipped before.\n",
      "url": "https://dev.azure.com/contoso/_apis/git/repositories/3d0a4bb2/commits/5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "remoteUrl": "https://contoso@dev.azure.com/contoso/trivia%20night/_git/quiz-hld/commit/5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f"
    },
    {
      "commitId": "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
      "author": { "name": "build bot", "email": "bot", "date": "2026-11-20T07:00:00" },
      "comment": " ",
      "url": "https://dev.azure.com/contoso/9d1c/_apis/git/repositories/3d0a4bb2/commits/77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f"
    }
  ]
}"#;

pub(super) const PULL_REQUEST: &str = r#"{
  "repository": {
    "id": "3d0a4bb2", "name": "quiz-hld", "url": "https://dev.azure.com/contoso/9d1c/_apis/git/repositories/3d0a4bb2",
    "project": { "id": "9d1c", "name": "trivia night" },
    "remoteUrl": "https://contoso@dev.azure.com/contoso/trivia%20night/_git/quiz-hld",
    "webUrl": "https://dev.azure.com/contoso/trivia%20night/_git/quiz-hld"
  },
  "pullRequestId": 88,
  "status": "active",
  "isDraft": true,
  "createdBy": { "id": "u1", "displayName": "Mara Lind", "uniqueName": "mara.lind@contoso.example" },
  "closedBy": { "id": "u2", "displayName": "Jon Okafor", "uniqueName": "jon.okafor@contoso.example" },
  "creationDate": "2026-11-20T09:17:31.6655471Z",
  "title": "Update quiz-api to quiz-api-main-6101",
  "sourceRefName": "refs/heads/DEPLOY/quiz-api-main-6101",
  "targetRefName": "refs/heads/main",
  "mergeStatus": "succeeded",
  "lastMergeCommit": { "commitId": "39f52d24533cc712fc845ed9fd1b6c06b3942588" },
  "reviewers": [
    { "id": "u3", "displayName": "Ana Ruiz", "uniqueName": "ana.ruiz@contoso.example", "vote": 0, "isRequired": true },
    { "id": "u2", "displayName": "Jon Okafor", "uniqueName": "jon.okafor@contoso.example", "vote": 0 }
  ]
}"#;

pub(super) const PULL_REQUESTS: &str = r#"{
  "count": 2,
  "value": [
    {
      "repository": {
        "id": "3d0a4bb2", "name": "quiz hld", "url": "https://dev.azure.com/contoso/9d1c/_apis/git/repositories/3d0a4bb2",
        "project": { "id": "9d1c", "name": "trivia night" }
      },
      "pullRequestId": 87, "status": "completed", "isDraft": false, "title": "Update quiz-web",
      "createdBy": { "id": "u1", "displayName": "Mara Lind" },
      "closedBy": { "id": "u2", "displayName": "Jon Okafor" },
      "creationDate": "2026-11-19T09:00:00Z", "closedDate": "2026-11-19T09:30:00Z",
      "sourceRefName": "refs/heads/DEPLOY/quiz-web-main-6090",
      "lastMergeCommit": { "commitId": "1e924c570d532d92c12e955b9f8948935f54944e" },
      "reviewers": [{ "id": "u3", "displayName": "Ana Ruiz", "vote": 0 }]
    },
    {
      "repository": {
        "id": "3d0a4bb2", "name": "quiz hld", "url": "https://git.contoso.example/tfs/contoso/_apis/git/repositories/3d0a4bb2",
        "project": { "id": "9d1c", "name": "trivia night" }
      },
      "pullRequestId": 86, "status": "abandoned", "title": "Try another port",
      "closedBy": { "id": "u2", "displayName": "Jon Okafor" }, "closedDate": "2026-11-18T09:30:00Z",
      "lastMergeCommit": { "commitId": "ae875f124fe5c625664fae12af26cc294ed1575f" }
    }
  ]
}"#;

pub(super) const ERROR: &str = r#"{
  "$id": "1", "innerException": null, "message": "TF200016: The following project does not exist: trivia night. Verify that the name is right.",
  "typeName": "Microsoft.TeamFoundation.Core.WebApi.ProjectDoesNotExistWithNameException, Microsoft.TeamFoundation.Core.WebApi",
  "typeKey": "ProjectDoesNotExistWithNameException", "errorCode": 0, "eventId": 3000
}"#;
