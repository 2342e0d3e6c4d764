import type { RuleExample } from '../../../findings/index.ts';

/** An Azure pipeline that reviews the main branch and gives nothing away. */
export const SOUND_PIPELINE = `trigger:
  - main
pr: none

pool:
  vmImage: ubuntu-24.04

steps:
  - checkout: self
    persistCredentials: false
  - bash: npm ci --ignore-scripts
    displayName: Install
  - bash: |
      claude -p "Review the last commit" --allowedTools "Read,Grep" --max-turns 5
    displayName: Review
    timeoutInMinutes: 15
    env:
      ANTHROPIC_API_KEY: $(MODEL_KEY)
`;

/** A pipeline of Azure as the example of a rule. */
export function azureFile(text: string): readonly RuleExample[] {
  return [{ file: 'azure-pipelines.yml', text }];
}
