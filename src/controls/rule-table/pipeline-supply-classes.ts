import type { FactClass } from '../facts/compare-facts.ts';
import { job, workflow } from './example.ts';

const COMMON = { group: 'pipeline', direction: 'weakened', meta: true } as const;
const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8';
const STEPS = 'steps:\n  - run: npm test';

/** Whose code runs in a pipeline. */
export const PIPELINE_SUPPLY_CLASSES: readonly FactClass[] = [
  {
    ...COMMON,
    id: 'pipeline-action-unpinned',
    severity: 'high',
    title: 'An action is no longer pinned to a commit',
    why: 'Whoever moves its tag or branch runs code in the pipeline.',
    advice: 'Name the full commit, with the version in a comment.',
    tags: ['CWE-1357', 'OWASP-CICD-SEC-3'],
    weakened: '{scope} takes {subject} from a name that can move: {now} (before: {was})',
    strengthened: '{scope} takes {subject} from a name that moves less',
    attack: workflow(job(`steps:\n  - uses: ${CHECKOUT}`), job('steps:\n  - uses: actions/checkout@v5')),
    benign: workflow(
      job(`steps:\n  - uses: ${CHECKOUT}`),
      job('steps:\n  - uses: actions/checkout@93cb6efe18208431cddfb8368fd83d5badbf9bfd # v5.0.1'),
    ),
  },
  {
    ...COMMON,
    id: 'pipeline-ref-like-pin',
    severity: 'high',
    always: true,
    title: 'A reference looks like a pinned commit and is none',
    why: 'A short hash reads like a pin, but a branch or tag of that name decides, and anybody with rights there can make one.',
    advice: 'Write all forty digits of the commit.',
    tags: ['CWE-1357', 'CWE-451'],
    weakened: '{subject} in {scope} looks pinned and is not: {now}',
    strengthened: '{subject} in {scope} is no longer a name that only looks like a pin',
    attack: workflow(job(`steps:\n  - uses: ${CHECKOUT}`), job('steps:\n  - uses: actions/checkout@08c6903cd8')),
    benign: workflow(job(`steps:\n  - uses: ${CHECKOUT}`), job('steps:\n  - uses: actions/checkout@v5.0.0')),
  },
  {
    ...COMMON,
    id: 'pipeline-action-added',
    meta: false,
    direction: 'weakened',
    severity: 'low',
    title: 'A job uses an action that it did not use',
    why: 'Its code runs with the rights of the job.',
    advice: 'Look at who publishes it.',
    tags: ['OWASP-CICD-SEC-3'],
    weakened: '{scope} runs code of {subject}: {now}',
    attack: workflow(
      job(STEPS),
      job('steps:\n  - uses: acme/unknown@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n  - run: npm test'),
    ),
    benign: workflow(job('steps:\n  - uses: actions/cache@v4'), job('steps:\n  - uses: actions/cache@v5')),
  },
  {
    ...COMMON,
    id: 'pipeline-credentials-persisted',
    severity: 'medium',
    title: 'The checkout leaves its token behind',
    why: 'Every later step, and whatever it runs, can read the token in `.git/config`.',
    advice: 'Set `persist-credentials: false`.',
    tags: ['CWE-522', 'CWE-459'],
    weakened: 'The checkout in {scope} leaves its token in .git/config',
    strengthened: 'The checkout in {scope} no longer leaves its token behind',
    attack: workflow(
      job(`steps:\n  - uses: ${CHECKOUT}\n    with:\n      persist-credentials: false`),
      job(`steps:\n  - uses: ${CHECKOUT}`),
    ),
    benign: workflow(
      job(`steps:\n  - uses: ${CHECKOUT}\n    with:\n      persist-credentials: false`),
      job(`steps:\n  - uses: ${CHECKOUT}\n    with: { persist-credentials: "false", fetch-depth: 0 }`),
    ),
  },
  {
    ...COMMON,
    id: 'pipeline-foreign-checkout',
    severity: 'high',
    always: true,
    title: 'A job checks out what an outsider wrote',
    why: 'What the job builds or runs from there is the outsider’s.',
    advice: 'Check out the base, or give the job no rights and no secrets.',
    tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
    weakened: '{scope} checks out code of a pull request: {now}',
    strengthened: '{scope} no longer checks out code of a pull request',
    attack: workflow(
      job(`steps:\n  - uses: ${CHECKOUT}`, 'on: pull_request_target'),
      job(
        `steps:\n  - uses: ${CHECKOUT}\n    with:\n      ref: \${{ github.event.pull_request.head.sha }}`,
        'on: pull_request_target',
      ),
    ),
    benign: workflow(
      job(`steps:\n  - uses: ${CHECKOUT}`, 'on: pull_request_target'),
      job(
        `steps:\n  - uses: ${CHECKOUT}\n    with:\n      ref: \${{ github.event.pull_request.base.sha }}`,
        'on: pull_request_target',
      ),
    ),
  },
  {
    ...COMMON,
    id: 'pipeline-injection-added',
    severity: 'high',
    always: true,
    title: 'Text of an outsider is put into a script',
    why: 'A title or a branch name becomes a command.',
    advice: 'Hand the value over in an environment variable.',
    tags: ['CWE-78', 'OWASP-CICD-SEC-4'],
    weakened: '{scope} puts {subject} into a script before the shell reads it',
    strengthened: '{scope} no longer puts {subject} into a script',
    attack: workflow(
      job('steps:\n  - run: echo done', 'on: issues'),
      job('steps:\n  - run: echo "${{ github.event.issue.title }}"', 'on: issues'),
    ),
    benign: workflow(
      job('steps:\n  - run: echo done', 'on: issues'),
      job('steps:\n  - run: echo "$TITLE"\n    env:\n      TITLE: ${{ github.event.issue.title }}', 'on: issues'),
    ),
  },
];
