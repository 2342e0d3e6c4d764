import type { Facts } from '../../../facts/index.ts';
import { factsRule, type Report } from './configuration-rule.ts';
import { file } from './examples.ts';

/** How trust is written down, product by product. */
const TRUSTS =
  /hasTrustDialogAccepted|\btrusted_?[Ff]olders\b|\bfolderTrust\W{1,20}enabled\W{1,8}false|trust_level\s{0,5}=\s{0,5}\\?["']trusted|GEMINI_TRUSTED_FOLDERS/;
const KEYS = /(^|\.)(hasTrustDialogAccepted|GEMINI_CLI_TRUST_WORKSPACE|COPILOT_ALLOW_ALL)$/;

const WORKFLOW = `name: review
on: pull_request
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: |
          echo '{"projects":{"'"$PWD"'":{"hasTrustDialogAccepted":true}}}' > ~/.claude.json
          claude -p "Review the change" --max-turns 5
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;

/** CFG027: somebody answers the trust question before it is asked. */
export const trustDecidedInAdvance = factsRule(
  {
    id: 'CFG027',
    name: 'trust-decided-in-advance',
    title: 'Trust in the folder is decided in advance',
    what: "A pipeline script writes an agent's record of trusted folders, or a committed file sets a trust key or variable. Trust flags on the command line are AGT016.",
    why: "With trust, the repository's own allow rules, servers, hooks and helper programs take effect that an unattended run would otherwise leave out.",
    sources: [
      'Claude Code documentation, "What runs before you trust a folder"',
      'Measured: --trust (Codex), COPILOT_ALLOW_ALL and GEMINI_CLI_TRUST_WORKSPACE start the servers of a repository',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    fix: 'none',
    advice: 'Remove it: an unattended run needs no trust, it needs its own settings.',
    tags: ['CWE-807', 'CWE-862'],
    attack: [file('.github/workflows/review.yml', WORKFLOW)],
    benign: [file('.github/workflows/review.yml', WORKFLOW.replace(/ {10}echo.*\n/, ''))],
  },
  function* (facts) {
    yield* inFiles(facts);
    yield* inScripts(facts);
  },
);

function* inFiles(facts: Facts): Iterable<Report> {
  for (const configuration of facts.configurations) {
    const keys = configuration.keys.filter((key) => KEYS.test(key.path) && key.text === 'true');
    const variables = configuration.environment.filter(
      ({ name, value }) => KEYS.test(name) && /^(1|true)$/i.test(value),
    );
    for (const { place, name } of [...keys.map(({ place, path }) => ({ place, name: path })), ...variables]) {
      yield { place, message: `${name} trusts the folder for everybody who opens it`, subject: name };
    }
  }
}

function* inScripts(facts: Facts): Iterable<Report> {
  const steps = facts.pipelines.flatMap((pipeline) =>
    pipeline.jobs.flatMap((job) => job.steps.map((step) => ({ pipeline, job, step }))),
  );
  for (const { pipeline, job, step } of steps) {
    const text = step.run?.text;
    const match = text === undefined ? null : TRUSTS.exec(text.text);
    if (text === undefined || match === null) continue;
    const span = { start: text.offsetOf(match.index), end: text.offsetOf(match.index + match[0].length) };
    yield {
      place: { file: pipeline.file.path, span },
      message: `Job ${job.id} writes down that the folder is trusted`,
      subject: `job ${job.id}`,
    };
  }
}
