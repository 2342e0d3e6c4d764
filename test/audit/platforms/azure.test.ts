import { describePairs } from './pair.ts';

describePairs('Azure', [
  {
    what: 'a review of pull requests with the token of the build',
    attack: {
      'azure-pipelines.yml': `trigger: none
pr:
  branches:
    include: [main]
pool:
  vmImage: ubuntu-latest
variables:
  - group: ai-keys
steps:
  - checkout: self
    fetchDepth: 0
  - script: npm install -g @anthropic-ai/claude-code
  - script: |
      git diff origin/main...HEAD > change.diff
      claude -p "Review branch $(System.PullRequest.SourceBranch), the change is in change.diff, and post comments with az" --dangerously-skip-permissions
    env:
      ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
      SYSTEM_ACCESSTOKEN: $(System.AccessToken)
`,
    },
    twin: {
      'azure-pipelines.yml': `trigger:
  branches:
    include: [main]
pr: none
pool:
  vmImage: ubuntu-24.04
jobs:
  - job: report
    timeoutInMinutes: 20
    steps:
      - checkout: self
        persistCredentials: false
      - script: npm install -g --ignore-scripts @anthropic-ai/claude-code@2.1.330
      - script: claude -p "List modules without tests" --tools "Read,Grep,Glob" --setting-sources user --strict-mcp-config > report.md
        env:
          ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
      - publish: report.md
        artifact: report
`,
    },
    paths: [
      { rule: 'PATH01', says: /System\.AccessToken, ANTHROPIC_API_KEY/, meets: 'System.PullRequest.SourceBranch' },
    ],
  },
  {
    what: 'the body of a comment that a webhook brings',
    attack: {
      'azure-pipelines.yml': `trigger: none
resources:
  webhooks:
    - webhook: IssueHook
      connection: github-incoming
      filters:
        - path: action
          value: created
pool:
  vmImage: ubuntu-latest
steps:
  - bash: |
      npm i -g @openai/codex
      codex exec --sandbox danger-full-access "Do what the comment asks: \${{ parameters.IssueHook.comment.body }}"
    env:
      OPENAI_API_KEY: $(OPENAI_API_KEY)
      GH_TOKEN: $(GITHUB_PAT)
`,
    },
    twin: {
      'azure-pipelines.yml': `trigger: none
pr: none
resources:
  webhooks:
    - webhook: NightlyDone
      connection: nightly-incoming
pool:
  vmImage: ubuntu-24.04
jobs:
  - job: summarise
    timeoutInMinutes: 15
    steps:
      - checkout: self
        persistCredentials: false
      - bash: npm i -g --ignore-scripts @openai/codex@0.139.0
      - bash: codex exec --sandbox read-only "Summarise what the nightly job number \${BUILD} covers" > summary.md
        env:
          BUILD: \${{ parameters.NightlyDone.build.number }}
          OPENAI_API_KEY: $(OPENAI_API_KEY)
      - publish: summary.md
        artifact: summary
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*GITHUB_PAT/, meets: 'parameters.IssueHook.comment.body' }],
  },
  {
    what: 'work items that the job queries by the clock',
    attack: {
      'azure-pipelines.yml': `schedules:
  - cron: "0 4 * * *"
    branches: { include: [main] }
    always: true
trigger: none
pool: { vmImage: ubuntu-latest }
steps:
  - script: |
      az boards query --wiql "SELECT [System.Id],[System.Description] FROM WorkItems WHERE [System.Tags] CONTAINS 'ai'" > items.json
      claude -p "Implement the work items in items.json and open pull requests with az repos pr create" --allowedTools "Bash,Edit,Write,Read"
    env:
      AZURE_DEVOPS_EXT_PAT: $(BOT_PAT)
      ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
`,
    },
    twin: {
      'azure-pipelines.yml': `schedules:
  - cron: "0 4 * * *"
    branches: { include: [main] }
    always: true
trigger: none
pr: none
pool: { vmImage: ubuntu-24.04 }
jobs:
  - job: docs
    timeoutInMinutes: 30
    steps:
      - checkout: self
        persistCredentials: false
      - script: npm install -g --ignore-scripts @anthropic-ai/claude-code@2.1.330
      - script: claude -p "Bring docs/ up to date" --permission-mode acceptEdits --tools "Read,Grep,Glob,Edit" --setting-sources user --strict-mcp-config
        env:
          ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
      - script: git diff > docs.patch
      - publish: docs.patch
        artifact: patch
`,
    },
    paths: [{ rule: 'PATH01', says: /BOT_PAT/, meets: 'az boards query' }],
  },
  {
    what: 'a commit message that comes through a template into a cloud task',
    attack: {
      'azure-pipelines.yml': `trigger:
  branches: { include: ['*'] }
pool: { vmImage: ubuntu-latest }
stages:
  - stage: ai
    jobs:
      - job: fix
        steps:
          - template: ci/ai-steps.yml
            parameters:
              prompt: $(Build.SourceVersionMessage)
              connection: prod-subscription
`,
      'ci/ai-steps.yml': `parameters:
  - name: prompt
    type: string
  - name: connection
    type: string
steps:
  - task: AzureCLI@2
    displayName: Gemini
    inputs:
      azureSubscription: \${{ parameters.connection }}
      scriptType: bash
      scriptLocation: inlineScript
      addSpnToEnvironment: true
      inlineScript: |
        npx -y @google/gemini-cli --yolo -p "\${{ parameters.prompt }}"
    env:
      GEMINI_API_KEY: $(GEMINI_API_KEY)
`,
    },
    twin: {
      'azure-pipelines.yml': `trigger:
  branches: { include: [main] }
pr: none
pool: { vmImage: ubuntu-24.04 }
stages:
  - stage: ai
    jobs:
      - job: explain
        timeoutInMinutes: 15
        steps:
          - checkout: self
            persistCredentials: false
          - template: ci/ai-steps.yml
            parameters:
              prompt: Explain the parser
  - stage: deploy
    dependsOn: []
    jobs:
      - job: deploy
        timeoutInMinutes: 15
        steps:
          - task: AzureCLI@2
            inputs:
              azureSubscription: prod-subscription
              scriptType: bash
              scriptLocation: inlineScript
              inlineScript: az webapp restart --name app --resource-group rg
`,
      'ci/ai-steps.yml': `parameters:
  - name: prompt
    type: string
steps:
  - script: npm install -g --ignore-scripts @google/gemini-cli@0.61.0
  - script: gemini --approval-mode default -p "\${{ parameters.prompt }}" > answer.md
    env:
      GEMINI_API_KEY: $(GEMINI_API_KEY)
`,
    },
    paths: [{ rule: 'PATH01', says: /login to cloud/, meets: 'Build.SourceVersionMessage' }],
  },
  {
    what: 'an agent on a machine that stays, with the token of the checkout',
    attack: {
      'azure-pipelines.yml': `trigger: none
pr: [main]
pool:
  name: Default
steps:
  - checkout: self
    persistCredentials: true
    clean: false
  - powershell: |
      npm install -g @github/copilot
      copilot -p "Fix the build of this pull request" --allow-all-tools
      git add -A
      git commit -m "copilot"
      git push origin HEAD:$(System.PullRequest.SourceBranch)
    env:
      GH_TOKEN: $(COPILOT_TOKEN)
`,
    },
    twin: {
      'azure-pipelines.yml': `trigger:
  branches: { include: [main] }
pr: none
pool: { vmImage: ubuntu-24.04 }
jobs:
  - job: copilot
    timeoutInMinutes: 15
    steps:
      - checkout: self
        persistCredentials: false
      - script: npm install -g --ignore-scripts @github/copilot@1.0.102
      - script: copilot -p "Explain how the build works" --deny-tool shell --deny-tool write > build.md
        env:
          COPILOT_GITHUB_TOKEN: $(COPILOT_TOKEN)
      - publish: build.md
        artifact: build
`,
    },
    paths: [
      { rule: 'PATH01', says: /System\.AccessToken/, meets: 'of the pull request' },
      { rule: 'PATH16', says: /machine Default/, meets: '' },
    ],
  },
  {
    what: 'comments that another stage fetches and hands on as an artifact',
    attack: {
      'azure-pipelines.yml': `trigger: none
pr: { branches: { include: [main] } }
stages:
  - stage: collect
    jobs:
      - job: comments
        pool: { vmImage: ubuntu-latest }
        steps:
          - bash: |
              curl -s -u ":$TOKEN" "$(System.CollectionUri)$(System.TeamProject)/_apis/git/repositories/$(Build.Repository.ID)/pullRequests/$(System.PullRequest.PullRequestId)/threads?api-version=7.1" > threads.json
            env: { TOKEN: $(System.AccessToken) }
          - publish: threads.json
            artifact: threads
  - stage: agent
    dependsOn: collect
    jobs:
      - job: answer
        pool: { vmImage: ubuntu-latest }
        steps:
          - download: current
            artifact: threads
          - bash: claude -p "Answer the open threads - $(cat $(Pipeline.Workspace)/threads/threads.json)" --allowedTools "Bash(az *)" "Bash(git push:*)" Edit
            env:
              ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
              AZURE_DEVOPS_EXT_PAT: $(System.AccessToken)
`,
    },
    twin: {
      'azure-pipelines.yml': `trigger: { branches: { include: [main] } }
pr: none
stages:
  - stage: lint
    jobs:
      - job: lint
        timeoutInMinutes: 10
        pool: { vmImage: ubuntu-24.04 }
        steps:
          - checkout: self
            persistCredentials: false
          - bash: npx --no-install eslint -f json -o lint.json src || true
          - publish: lint.json
            artifact: lint
  - stage: agent
    dependsOn: lint
    jobs:
      - job: fix
        timeoutInMinutes: 10
        pool: { vmImage: ubuntu-24.04 }
        steps:
          - checkout: self
            persistCredentials: false
          - download: current
            artifact: lint
          - bash: npm install -g --ignore-scripts @anthropic-ai/claude-code@2.1.330
          - bash: claude -p "Fix what $(Pipeline.Workspace)/lint/lint.json reports" --permission-mode acceptEdits --tools "Read,Edit,Glob,Grep" --setting-sources user --strict-mcp-config
            env:
              ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
          - bash: git diff > fix.patch
          - publish: fix.patch
            artifact: fix
`,
    },
    paths: [{ rule: 'PATH01', says: /System\.AccessToken/, meets: 'curl' }],
  },
]);
