import type { RuleExample } from '../../../findings/index.ts';

/** A job that reviews merge requests of the project's own branches and gives nothing away. */
export const SOUND_JOB = `stages: [review]

review:
  stage: review
  image: node@sha256:1f3b5c7d9e0a2b4c6d8e0f1a3b5c7d9e1f3b5c7d9e0a2b4c6d8e0f1a3b5c7d9e
  timeout: 15 minutes
  interruptible: true
  variables:
    GIT_STRATEGY: clone
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
  script:
    - npm install --global @anthropic-ai/claude-code@2.1.0
    - claude -p "Review the change" --allowedTools "Read,Grep" --max-turns 5
`;

/** A pipeline of GitLab as the example of a rule. */
export function gitlabFile(text: string): readonly RuleExample[] {
  return [{ file: '.gitlab-ci.yml', text }];
}
