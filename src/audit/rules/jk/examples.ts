import type { RuleExample } from '../../../findings/index.ts';

/** A Jenkins pipeline that reviews branches of the repository and gives nothing away. */
export const SOUND_PIPELINE = `pipeline {
    agent { label 'agents-ephemeral' }
    options {
        timeout(time: 30, unit: 'MINUTES')
    }
    stages {
        stage('Review') {
            steps {
                sh 'npm ci --ignore-scripts'
                withCredentials([string(credentialsId: 'model-key', variable: 'ANTHROPIC_API_KEY')]) {
                    sh 'claude -p "Review the last commit" --allowedTools "Read,Grep" --max-turns 5'
                }
            }
        }
    }
    post {
        always {
            cleanWs()
        }
    }
}
`;

/** A Jenkinsfile as the example of a rule. */
export function jenkinsfile(text: string): readonly RuleExample[] {
  return [{ file: 'Jenkinsfile', text }];
}
