import { DIGEST, describePairs } from './pair.ts';

describePairs('Jenkins', [
  {
    what: 'a title put into the command of the agent',
    attack: {
      Jenkinsfile: `pipeline {
  agent any
  environment {
    ANTHROPIC_API_KEY = credentials('anthropic-api-key')
  }
  stages {
    stage('AI review') {
      when { changeRequest() }
      steps {
        sh "claude -p 'Review the change \${env.CHANGE_TITLE}' --dangerously-skip-permissions > review.md"
        withCredentials([string(credentialsId: 'github-token', variable: 'GH_TOKEN')]) {
          sh 'gh pr comment $CHANGE_ID --body-file review.md'
        }
      }
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `pipeline {
  agent { docker { image 'registry.example.com/ci/claude@sha256:${DIGEST}' } }
  options { timeout(time: 20, unit: 'MINUTES') }
  stages {
    stage('AI report') {
      when { branch 'main' }
      steps {
        withCredentials([string(credentialsId: 'anthropic-api-key', variable: 'ANTHROPIC_API_KEY')]) {
          sh 'claude -p "List modules without tests" --tools "Read,Grep,Glob" --setting-sources user --strict-mcp-config > report.md'
        }
        archiveArtifacts artifacts: 'report.md'
      }
    }
  }
  post { always { cleanWs() } }
}
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*anthropic-api-key/, meets: 'CHANGE_TITLE' }],
  },
  {
    what: 'a comment that a webhook puts into a variable',
    attack: {
      Jenkinsfile: `pipeline {
  agent { label 'linux' }
  triggers {
    GenericTrigger(
      genericVariables: [
        [key: 'COMMENT', value: '$.comment.body'],
        [key: 'REPO', value: '$.repository.full_name'],
        [key: 'ISSUE', value: '$.issue.number']
      ],
      token: 'codex-bot',
      regexpFilterText: '$COMMENT',
      regexpFilterExpression: '.*@codex.*'
    )
  }
  environment { OPENAI_API_KEY = credentials('openai') }
  stages {
    stage('run') {
      steps {
        checkout scm
        sh 'codex exec --full-auto "$COMMENT"'
        sshagent(['deploy-key']) { sh 'git push origin HEAD:refs/heads/codex-$ISSUE' }
      }
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `pipeline {
  agent { docker { image 'registry.example.com/ci/codex@sha256:${DIGEST}' } }
  options { timeout(time: 20, unit: 'MINUTES') }
  parameters { choice(name: 'AREA', choices: ['parser', 'printer'], description: 'what to document') }
  stages {
    stage('run') {
      steps {
        withCredentials([string(credentialsId: 'openai', variable: 'OPENAI_API_KEY')]) {
          sh 'codex exec --sandbox read-only "Write documentation for the $AREA package" > doc.md'
        }
        archiveArtifacts artifacts: 'doc.md'
      }
    }
  }
  post { always { cleanWs() } }
}
`,
    },
    paths: [{ rule: 'PATH02', says: /^Anyone .*is pushed/, meets: 'COMMENT' }],
  },
  {
    what: 'a scripted pipeline that works on the change and pushes',
    attack: {
      Jenkinsfile: `node('build') {
  stage('Checkout') { checkout scm }
  stage('Fix') {
    withCredentials([string(credentialsId: 'gemini', variable: 'GEMINI_API_KEY'),
                     usernamePassword(credentialsId: 'bitbucket', usernameVariable: 'GIT_USER', passwordVariable: 'GIT_PASS')]) {
      sh "git log -1 --format=%B > message.txt"
      sh 'gemini -y -p "Finish the work described here: $(cat message.txt)"'
      sh 'git push https://$GIT_USER:$GIT_PASS@bitbucket.example.com/scm/app.git HEAD:\${CHANGE_BRANCH}'
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `node('ephemeral-docker') {
  timeout(time: 20, unit: 'MINUTES') {
    stage('Checkout') { checkout scm }
    stage('Draft') {
      if (env.BRANCH_NAME == 'main') {
        withCredentials([string(credentialsId: 'gemini', variable: 'GEMINI_API_KEY')]) {
          sh 'gemini --approval-mode default -p "Describe the public interface" > draft.md'
        }
        archiveArtifacts 'draft.md'
      }
    }
    cleanWs()
  }
}
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*bitbucket/, meets: 'of the pull request' }],
  },
  {
    what: 'a title that comes through a step of a library',
    attack: {
      Jenkinsfile: `@Library('ai-tools@main') _
pipeline {
  agent any
  stages {
    stage('review') {
      when { changeRequest() }
      steps { aiReview(title: env.CHANGE_TITLE) }
    }
  }
}
`,
      'vars/aiReview.groovy': `def call(Map args) {
  withCredentials([string(credentialsId: 'anthropic', variable: 'ANTHROPIC_API_KEY')]) {
    withEnv(["TITLE=\${args.title}"]) {
      sh 'claude -p "Review: $TITLE" --permission-mode bypassPermissions --allowedTools Read'
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `@Library('ai-tools@3f2504e04f8911d39a0c0305e82c3301aaaa0000') _
pipeline {
  agent { docker { image 'registry.example.com/ci/claude@sha256:${DIGEST}' } }
  options { timeout(time: 20, unit: 'MINUTES') }
  stages {
    stage('review') {
      when { branch 'main' }
      steps { aiReport(area: 'parser') }
    }
  }
  post { always { cleanWs() } }
}
`,
      'vars/aiReport.groovy': `def call(Map args) {
  withCredentials([string(credentialsId: 'anthropic', variable: 'ANTHROPIC_API_KEY')]) {
    withEnv(["AREA=\${args.area}"]) {
      sh 'claude -p "Report on $AREA" --tools "Read,Grep,Glob" --setting-sources user --strict-mcp-config > report.md'
    }
  }
}
`,
    },
    paths: [{ rule: 'PATH01', says: /^Anyone .*anthropic/, meets: 'CHANGE_TITLE' }],
  },
  {
    what: 'tickets that the job fetches by the clock',
    attack: {
      Jenkinsfile: `pipeline {
  agent { label 'agents' }
  triggers { cron('H 3 * * *') }
  stages {
    stage('tickets') {
      steps {
        withCredentials([string(credentialsId: 'jira', variable: 'JIRA_TOKEN'), string(credentialsId: 'anthropic', variable: 'ANTHROPIC_API_KEY')]) {
          sh """
            curl -s -H 'Authorization: Bearer '"\\$JIRA_TOKEN" https://jira.example.com/rest/api/2/search?jql=labels=ai > tickets.json
            cat tickets.json | claude -p 'Implement these tickets' --allowedTools 'Bash(git *)' 'Bash(curl *)' Edit
          """
        }
        sshagent(credentials: ['git-key']) { sh 'git push origin HEAD:ai/nightly' }
      }
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `pipeline {
  agent { docker { image 'registry.example.com/ci/claude@sha256:${DIGEST}' } }
  options { timeout(time: 30, unit: 'MINUTES') }
  triggers { cron('H 3 * * *') }
  stages {
    stage('docs') {
      steps {
        withCredentials([string(credentialsId: 'anthropic', variable: 'ANTHROPIC_API_KEY')]) {
          sh '''claude -p 'Bring docs/api.md up to date' --permission-mode acceptEdits --tools 'Read,Grep,Glob,Edit' --setting-sources user --strict-mcp-config'''
        }
        sh 'git diff > docs.patch'
        archiveArtifacts 'docs.patch'
      }
    }
  }
  post { always { cleanWs() } }
}
`,
    },
    paths: [{ rule: 'PATH01', says: /jira, anthropic/, meets: 'curl' }],
  },
  {
    what: 'a comment, in a matrix whose container has the socket',
    attack: {
      Jenkinsfile: `pipeline {
  agent none
  triggers { issueCommentTrigger('.*@claude.*') }
  stages {
    stage('matrix') {
      matrix {
        axes { axis { name 'MODEL'; values 'opus', 'sonnet' } }
        agent { docker { image 'acme/claude:latest'; args '-v /var/run/docker.sock:/var/run/docker.sock -u root' } }
        environment { CLAUDE_CODE_OAUTH_TOKEN = credentials('claude-oauth') }
        stages {
          stage('answer') {
            steps {
              sh 'claude --model "$MODEL" -p "$GITHUB_COMMENT" --dangerously-skip-permissions'
            }
          }
        }
      }
    }
  }
}
`,
    },
    twin: {
      Jenkinsfile: `pipeline {
  agent none
  options { timeout(time: 20, unit: 'MINUTES') }
  stages {
    stage('matrix') {
      when { branch 'main' }
      matrix {
        axes { axis { name 'MODEL'; values 'opus', 'sonnet' } }
        agent { docker { image 'registry.example.com/ci/claude@sha256:${DIGEST}' } }
        stages {
          stage('answer') {
            steps {
              withCredentials([string(credentialsId: 'claude-oauth', variable: 'CLAUDE_CODE_OAUTH_TOKEN')]) {
                sh 'claude --model "$MODEL" -p "Summarise the architecture" --tools "Read,Glob" --setting-sources user --strict-mcp-config > $MODEL.md'
              }
              archiveArtifacts '*.md'
            }
            post { always { cleanWs() } }
          }
        }
      }
    }
  }
}
`,
    },
    paths: [
      { rule: 'PATH01', says: /^Anyone .*claude-oauth/, meets: 'GITHUB_COMMENT' },
      { rule: 'PATH11', says: /take over the machine/, meets: 'GITHUB_COMMENT' },
    ],
  },
]);
