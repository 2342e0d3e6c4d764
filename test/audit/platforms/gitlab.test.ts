import { DIGEST, describePairs } from './pair.ts';

describePairs('GitLab', [
  {
    what: 'a review whose prompt holds title and description of a merge request',
    attack: {
      '.gitlab-ci.yml': `stages: [review]
claude-review:
  stage: review
  image: node:22@sha256:${DIGEST}
  timeout: 20m
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  before_script:
    - npm install -g @anthropic-ai/claude-code@2.1.330
  script:
    - |
      claude -p "Review this merge request.
      Title: $CI_MERGE_REQUEST_TITLE
      Description: $CI_MERGE_REQUEST_DESCRIPTION" \\
        --dangerously-skip-permissions --output-format text > review.md
    - |
      curl --request POST --header "PRIVATE-TOKEN: $GITLAB_REVIEW_TOKEN" \\
        --data-urlencode "body=$(cat review.md)" \\
        "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
  variables:
    ANTHROPIC_API_KEY: $ANTHROPIC_API_KEY
`,
    },
    twin: {
      '.gitlab-ci.yml': `stages: [review]
claude-review:
  stage: review
  image: registry.example.com/ci/claude@sha256:${DIGEST}
  timeout: 20m
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
  variables:
    GIT_STRATEGY: none
  script:
    - git clone --depth 50 --branch "$CI_DEFAULT_BRANCH" "$CI_PROJECT_URL.git" base
    - cd base
    - claude -p "Summarise which modules of this repository have no tests." --tools "Read,Grep,Glob" --setting-sources user --strict-mcp-config --max-turns 20 > ../report.md
  artifacts:
    paths: [report.md]
    expire_in: 3 days
`,
    },
    paths: [{ rule: 'PATH01', says: /a member .*GITLAB_REVIEW_TOKEN/, meets: 'CI_MERGE_REQUEST_TITLE' }],
  },
  {
    what: 'an agent that a webhook starts with the words of a comment',
    attack: {
      '.gitlab-ci.yml': `claude:
  image: node:24-alpine3.21
  rules:
    - if: '$CI_PIPELINE_SOURCE == "trigger"'
  variables:
    GIT_STRATEGY: fetch
  before_script:
    - apk add --no-cache git curl bash
    - curl -fsSL https://claude.ai/install.sh | bash
  script:
    - >
      claude -p "\${AI_FLOW_INPUT:-'Review and implement changes'}"
      --permission-mode acceptEdits
      --allowedTools "Bash Read Edit Write mcp__gitlab"
`,
    },
    twin: {
      '.gitlab-ci.yml': `claude:
  image: registry.example.com/ci/claude@sha256:${DIGEST}
  timeout: 15m
  rules:
    - if: '$CI_PIPELINE_SOURCE == "web" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'
      when: manual
  script:
    - claude -p "Update the module overview in docs/modules.md from the sources." --permission-mode acceptEdits --tools "Read,Grep,Glob,Edit" --setting-sources user --strict-mcp-config
    - git diff > overview.patch
  artifacts:
    paths: [overview.patch]
    expire_in: 1 week
`,
    },
    paths: [{ rule: 'PATH20', says: /Whoever writes what trigger relays .*CI_JOB_TOKEN/, meets: 'AI_FLOW_INPUT' }],
  },
  {
    what: 'a schedule that has the agent read and answer issues',
    attack: {
      '.gitlab-ci.yml': `default:
  image: registry.example.com/tools/agents@sha256:${DIGEST}
triage-issues:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  timeout: 30m
  variables:
    GITLAB_TOKEN: $TRIAGE_PAT
  script:
    - glab issue list --per-page 20 --output json > issues.json
    - claude -p "Label every issue in issues.json and answer the questions in them" --allowedTools "Read,Bash(glab:*)"
`,
    },
    twin: {
      '.gitlab-ci.yml': `default:
  image: registry.example.com/tools/agents@sha256:${DIGEST}
changelog:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  timeout: 30m
  script:
    - claude -p "Write a changelog of the files under src/ into CHANGELOG.draft.md" --permission-mode acceptEdits --tools "Read,Grep,Glob,Write" --setting-sources user --strict-mcp-config
  artifacts:
    paths: [CHANGELOG.draft.md]
    expire_in: 1 week
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*TRIAGE_PAT/, meets: 'glab issue list' }],
  },
  {
    what: 'an agent without its sandbox on the tree of a merge request',
    attack: {
      '.gitlab-ci.yml': `codex:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'
  script:
    - npm ci
    - npm install -g @openai/codex
    - echo "$OPENAI_API_KEY" | codex login --with-api-key
    - codex exec --dangerously-bypass-approvals-and-sandbox "Run the tests of this merge request and explain the failures" | tee out.txt
`,
    },
    twin: {
      '.gitlab-ci.yml': `codex:
  image: registry.example.com/ci/codex@sha256:${DIGEST}
  timeout: 20m
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - codex exec --sandbox read-only "List functions without documentation" > out.txt
  artifacts:
    paths: [out.txt]
    expire_in: 1 week
`,
    },
    paths: [{ rule: 'PATH01', says: /a member .*auth\.json/, meets: 'of the pull request' }],
  },
  {
    what: 'a title that comes through a variable of the file into an included template',
    attack: {
      '.gitlab-ci.yml': `include:
  - local: /ci/ai.yml
variables:
  AI_PROMPT: "Fix what the merge request asks for: $CI_MERGE_REQUEST_TITLE"
stages: [test, ai]
unit:
  stage: test
  script: [make test]
ai-fix:
  extends: .ai
  stage: ai
  rules:
    - !reference [.mr-only, rules]
`,
      'ci/ai.yml': `.mr-only:
  rules:
    - if: $CI_MERGE_REQUEST_IID
.install:
  script:
    - npm install -g @google/gemini-cli
.ai:
  image: node:22
  script:
    - !reference [.install, script]
    - gemini --yolo -p "$AI_PROMPT"
    - git push "https://bot:\${PROJECT_ACCESS_TOKEN}@gitlab.example.com/$CI_PROJECT_PATH.git" HEAD:ai/$CI_MERGE_REQUEST_IID
`,
    },
    twin: {
      '.gitlab-ci.yml': `include:
  - local: /ci/ai.yml
variables:
  AI_PROMPT: "Explain the layers of this code base"
stages: [test, ai]
unit:
  stage: test
  script: [make test]
ai-explain:
  extends: .ai
  stage: ai
  rules:
    - !reference [.main-only, rules]
`,
      'ci/ai.yml': `.main-only:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
.ai:
  image: registry.example.com/ci/gemini@sha256:${DIGEST}
  timeout: 10 minutes
  script:
    - gemini --approval-mode default -p "$AI_PROMPT" > layers.md
  artifacts:
    paths: [layers.md]
    expire_in: 1 week
`,
    },
    paths: [{ rule: 'PATH01', says: /a member .*PROJECT_ACCESS_TOKEN/, meets: 'CI_MERGE_REQUEST_TITLE' }],
  },
  {
    what: 'an agent that follows commit messages and whose work is pushed',
    attack: {
      '.gitlab-ci.yml': `aider:
  image: python:3.12
  only: [branches]
  script:
    - |
      if [[ "$CI_COMMIT_MESSAGE" == *"@ai"* ]]; then
        pip install aider-chat
        aider --yes-always --message "$CI_COMMIT_MESSAGE"
        git remote set-url origin "https://oauth2:\${GL_PUSH_TOKEN}@\${CI_SERVER_HOST}/\${CI_PROJECT_PATH}.git"
        git push origin HEAD:$CI_COMMIT_REF_NAME
      fi
  variables:
    AWS_DEFAULT_REGION: eu-central-1
  id_tokens:
    AWS_TOKEN:
      aud: https://sts.amazonaws.com
`,
    },
    twin: {
      '.gitlab-ci.yml': `aider:
  image: registry.example.com/ci/aider@sha256:${DIGEST}
  timeout: 15m
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
  script:
    - aider --no-auto-commits --no-suggest-shell-commands --yes-always --message "Add type hints to src/model.py" src/model.py
    - git diff > hints.patch
  artifacts:
    paths: [hints.patch]
    expire_in: 1 week
`,
    },
    paths: [
      { rule: 'PATH01', says: /GL_PUSH_TOKEN/, meets: 'CI_COMMIT_MESSAGE' },
      { rule: 'PATH02', says: /is pushed/, meets: 'CI_COMMIT_MESSAGE' },
    ],
    beside: ['AGT001'],
  },
  {
    what: 'an agent in a container with the socket, on an issue that the job fetches',
    attack: {
      '.gitlab-ci.yml': `agent-in-docker:
  image: docker:27
  services: ["docker:27-dind"]
  tags: [privileged]
  rules:
    - if: $CI_PIPELINE_SOURCE == "api" && $ISSUE_IID
  script:
    - 'curl -s --header "PRIVATE-TOKEN: $BOT_TOKEN" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/issues/$ISSUE_IID" > issue.json'
    - docker run --rm -v "$PWD:/work" -v /var/run/docker.sock:/var/run/docker.sock -w /work -e ANTHROPIC_API_KEY -e BOT_TOKEN ghcr.io/acme/claude:latest claude -p "Implement the issue in issue.json" --dangerously-skip-permissions
`,
    },
    twin: {
      '.gitlab-ci.yml': `agent-in-docker:
  image: docker:27@sha256:${DIGEST}
  timeout: 30m
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script:
    - sallyport run --policy sallyport.yaml -- claude -p "Raise the coverage of src/parser" --permission-mode acceptEdits
`,
      'sallyport.yaml': `version: 1
agent: claude-code
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*BOT_TOKEN/, meets: 'curl' }],
  },
  {
    what: 'notes that another job fetches and hands on as an artifact',
    attack: {
      '.gitlab-ci.yml': `stages: [collect, agent, deploy]
collect:
  stage: collect
  image: alpine:3.20
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - apk add curl jq
    - 'curl -s --header "JOB-TOKEN: $CI_JOB_TOKEN" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes" | jq -r ".[].body" > notes.txt'
  artifacts:
    paths: [notes.txt]
agent:
  stage: agent
  image: node:22
  needs: [collect]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    OPENCODE_PERMISSION: '{"bash":"allow","edit":"allow"}'
  script:
    - npm i -g opencode-ai
    - opencode run "Address the review notes: $(cat notes.txt)"
    - kubectl --token "$KUBE_TOKEN" apply -f k8s/
`,
    },
    twin: {
      '.gitlab-ci.yml': `stages: [lint, agent]
lint:
  stage: lint
  image: registry.example.com/ci/node@sha256:${DIGEST}
  timeout: 10m
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - npx --no-install eslint -f json -o lint.json src
  artifacts:
    paths: [lint.json]
    expire_in: 1 day
agent:
  stage: agent
  image: registry.example.com/ci/opencode@sha256:${DIGEST}
  timeout: 10m
  needs: [lint]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    OPENCODE_PERMISSION: '{"bash":"deny","edit":"allow","webfetch":"deny"}'
  script:
    - opencode run "Fix what lint.json reports"
    - git diff > fix.patch
  artifacts:
    paths: [fix.patch]
    expire_in: 1 day
`,
    },
    paths: [{ rule: 'PATH03', says: /KUBE_TOKEN, which changes the cluster/, meets: 'curl' }],
  },
]);
