import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, RuleExample } from '../../../findings/index.ts';
import type { Pipeline } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { source } from './agentic-source.ts';

/** SHA-256 of "# Triage\n\nSort the issue.", the prompt of the example source. */
const PROMPT_HASH = '99d45c6180f07fee71e206aa3dfe46c8f9f7e5582fa09de4270fbc51aba48efa';

function lock(hash: string, action = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683'): RuleExample {
  const listed = '{"repo":"actions/checkout","sha":"11bd71901bbe5b1630ceea73d27597364c9af683"}';
  const text = `# gh-aw-metadata: {"schema_version":"v4","body_hash":"${hash}","compiler_version":"v0.87.4"}
# gh-aw-manifest: {"version":1,"secrets":[],"actions":[${listed}]}
on: { issues: { types: [opened] } }
permissions: {}
jobs:
  activation:
    runs-on: ubuntu-slim
    steps:
      - uses: ${action}
        with: { persist-credentials: false }
`;
  return { file: '.github/workflows/triage.lock.yml', text };
}

/** Also those that a hand has edited, which every other rule takes for workflows. */
function locks(facts: Facts): readonly Pipeline[] {
  return facts.pipelines.filter(({ role, special }) => special.kind === 'gh-aw' && role !== 'agentic-source');
}

/** The source that a person reads and mends; the compiled file itself when it names none. */
function sourceOf({ special, file }: Pipeline): string {
  return special.entries.find(({ key }) => key === 'source')?.value ?? file.path;
}

/** AW007: what runs is not what the source says. */
const outdatedLock: Rule = {
  id: 'AW007',
  name: 'agentic-lock-outdated',
  title: 'The compiled workflow is not that of its source',
  what: 'The hash of the prompt that the compiled file records is not that of the source beside it.',
  why: 'The platform runs the compiled file. Who reads and reviews the source believes in limits and a prompt that are not in force.',
  sources: ['GitHub Agentic Workflows, lock file metadata v3 and v4'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Run `gh aw compile` and commit the result.',
  tags: ['CWE-353'],
  attack: [...source(''), lock('0'.repeat(64))],
  benign: [...source(''), lock(PROMPT_HASH)],
  check: (facts) =>
    locks(facts).flatMap((pipeline) =>
      pipeline.special.entries
        .filter(({ key, value }) => key === 'source-state' && value === 'outdated')
        .map(
          ({ place }): FindingDraft => ({
            rule: 'AW007',
            message: `What runs (${pipeline.file.path}) was compiled from another version of this file`,
            severity: 'medium',
            confidence: 'medium',
            place: { file: sourceOf(pipeline), span: { start: 0, end: 0 } },
            related: [{ place, message: 'the compiled file records another hash' }],
            subject: `${pipeline.file.path} source`,
          }),
        ),
    ),
};

/** AW009: something in the compiled file that the compiler did not put there. */
const editedLock: Rule = {
  id: 'AW009',
  name: 'agentic-lock-edited',
  title: 'The compiled workflow was changed by hand',
  what: "A compiled file uses an action or a secret that the compiler's own list in it does not have.",
  why: 'Changes of a generated file of hundreds of lines are rarely read, and the next compilation hides that they were there.',
  sources: ['GitHub Agentic Workflows, lock file manifest'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Run `gh aw compile` and look at what changes.',
  tags: ['CWE-353', 'CWE-506'],
  attack: [...source(''), lock(PROMPT_HASH, 'acme/collect@5a1d9b9f0c3e4c2f9a6e1b0d7c8f2a3b4c5d6e7f')],
  benign: [...source(''), lock(PROMPT_HASH)],
  check: (facts) =>
    locks(facts).flatMap((pipeline) =>
      pipeline.special.entries
        .filter(({ key }) => key === 'unlisted')
        .map(
          ({ value, place }): FindingDraft => ({
            rule: 'AW009',
            message: `${value} is not on the compiler's list`,
            severity: 'medium',
            confidence: 'medium',
            place,
            subject: `${pipeline.file.path} ${value}`,
          }),
        ),
    ),
};

export const LOCK_RULES: readonly Rule[] = [outdatedLock, editedLock];
