import type { FindingDraft } from '../../../findings/index.ts';
import type { Pipeline } from '../../../pipelines/index.ts';
import {
  entriesOf,
  type MapEntry,
  type Node,
  nodeAt,
  type ScalarNode,
  scalarAt,
  scalarsOf,
} from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agenticSources, source, sourceFinding } from './agentic-source.ts';

const DOCUMENTATION = 'GitHub Agentic Workflows documentation, "Front matter"';

function at(pipeline: Pipeline, { span }: ScalarNode) {
  return { file: pipeline.file.path, span };
}

/** AW003: any command. */
const anyCommand: Rule = {
  id: 'AW003',
  name: 'agentic-any-command',
  title: 'The agent may run any command',
  what: 'An agentic workflow has `bash: ["*"]` or `[":*"]`.',
  why: 'Nothing limits what an agent does on the runner that reads text of outsiders; the sandbox is the only wall left.',
  sources: [DOCUMENTATION],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Name the commands: `bash: ["git log:*", "npm test"]`.',
  tags: ['CWE-250', 'OWASP-LLM06'],
  attack: source('tools:\n  bash: ["*"]'),
  benign: source('tools:\n  bash: ["git log:*"]'),
  check: (facts) =>
    agenticSources(facts).flatMap((pipeline) =>
      scalarsOf(nodeAt(pipeline.root, 'tools', 'bash'))
        .filter(({ text }) => text === '*' || text === ':*' || text === '**')
        .map((scalar) =>
          sourceFinding(pipeline, 'tools.bash', at(pipeline, scalar), {
            rule: 'AW003',
            message: 'The agent of this workflow may run any command',
            severity: 'medium',
          }),
        ),
    ),
};

/** Hosts under which anybody can put something, or take something from. */
const SHARED_HOSTS: ReadonlySet<string> = new Set([
  ...[
    '*.githubusercontent.com',
    'gist.github.com',
    'gist.githubusercontent.com',
    '*.amazonaws.com',
    '*.s3.amazonaws.com',
  ],
  ...['*.blob.core.windows.net', '*.azurewebsites.net', '*.cloudfront.net', '*.workers.dev', '*.pages.dev'],
  ...['*.vercel.app', '*.netlify.app', '*.herokuapp.com', '*.ngrok.io', '*.ngrok-free.app', 'webhook.site'],
  ...['*.visualstudio.com', '*.web.app', '*.firebaseio.com', '*.storage.googleapis.com', 'storage.googleapis.com'],
  ...['pastebin.com', '*.pipedream.net', '*.requestbin.net', '*.oast.fun'],
]);

/** AW006: a network without limits. */
const wideNetwork: Rule = {
  id: 'AW006',
  name: 'agentic-network-wildcard',
  title: 'The agent may reach hosts that anybody can rent',
  what: 'The allowed hosts of an agentic workflow hold `*`, a whole top-level domain, or a wildcard of a shared hosting service.',
  why: 'An outsider who steers the agent sends what it read to a name of his own under such a host.',
  sources: [DOCUMENTATION],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Name the hosts, or the ecosystems such as `node` and `python`.',
  tags: ['CWE-923', 'OWASP-LLM02'],
  attack: source('network:\n  allowed: [defaults, "*"]'),
  benign: source('network:\n  allowed: [defaults, api.example.test]'),
  check: (facts) =>
    agenticSources(facts).flatMap((pipeline) =>
      scalarsOf(nodeAt(pipeline.root, 'network', 'allowed'))
        .filter(({ text }) => isShared(text.toLowerCase()))
        .map((scalar) =>
          sourceFinding(pipeline, `network ${scalar.text}`, at(pipeline, scalar), {
            rule: 'AW006',
            message: `The agent may reach ${scalar.text}, where anybody can have a name`,
            severity: 'medium',
          }),
        ),
    ),
};

function isShared(host: string): boolean {
  return host === '*' || /^\*\.[a-z]{2,}$/.test(host) || SHARED_HOSTS.has(host);
}

/** More of one output in one run than this is a flood. */
const MOST_OUTPUTS = 25;

/** AW008: outputs that reach further than the task. */
const wideOutputs: Rule = {
  id: 'AW008',
  name: 'agentic-output-too-wide',
  title: "The agent's outputs reach too far",
  what: `A safe output has no upper limit or one above ${MOST_OUTPUTS}, reaches any repository, merges by itself, or sets any label.`,
  why: 'Outputs are the only way in which such an agent changes something; a wide one gives an outsider who steers it that power.',
  sources: ['GitHub Agentic Workflows documentation, "Safe outputs"'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Set `max`, name the repositories and labels, and let a person merge.',
  tags: ['CWE-770', 'OWASP-LLM06'],
  attack: source('safe-outputs:\n  create-issue: { max: 0, allowed-repos: ["*"] }'),
  benign: source('safe-outputs:\n  create-issue: { max: 1 }'),
  check: (facts) =>
    agenticSources(facts).flatMap((pipeline) =>
      entriesOf(nodeAt(pipeline.root, 'safe-outputs')).flatMap((output) => widths(pipeline, output)),
    ),
};

function widths(pipeline: Pipeline, output: MapEntry): readonly FindingDraft[] {
  const name = output.key.text;
  const max = scalarAt(output.value, 'max');
  const repositories = scalarsOf(nodeAt(output.value, 'allowed-repos')).find(
    ({ text }) => text === '*' || text === '*/*',
  );
  const merge = scalarAt(output.value, 'auto-merge');
  const draft = (scalar: ScalarNode, message: string): FindingDraft =>
    sourceFinding(pipeline, `${name} ${message}`, at(pipeline, scalar), {
      rule: 'AW008',
      message,
      severity: 'medium',
      confidence: 'medium',
    });
  const flood = max !== undefined && typeof max.value === 'number' && (max.value <= 0 || max.value > MOST_OUTPUTS);
  return [
    ...(flood ? [draft(max, `${name} has ${Number(max.value) <= 0 ? 'no upper limit' : 'a high limit'}`)] : []),
    ...(repositories === undefined ? [] : [draft(repositories, `${name} reaches any repository`)]),
    ...(merge?.value === true ? [draft(merge, `${name} merges without a person`)] : []),
  ];
}

/** AW010: a personal token in the hands of a tool server. */
const toolToken: Rule = {
  id: 'AW010',
  name: 'agentic-tool-token',
  title: 'A tool of the agent has a token of its own',
  what: "A tool or MCP server of an agentic workflow gets a secret other than the job's own token.",
  why: 'The agent uses that token through the tool, past the permissions of the workflow; a personal one reaches every repository of its owner.',
  sources: ['GitHub Agentic Workflows documentation, "Tools"'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: "Use the job's token, or a token of an App with read rights on named repositories.",
  tags: ['CWE-272', 'OWASP-LLM06'],
  attack: source(`tools:\n  github:\n    github-token: \${{ secrets.MAINTAINER_TOKEN }}`),
  benign: source(`tools:\n  github:\n    github-token: \${{ secrets.GITHUB_TOKEN }}`),
  check: (facts) =>
    agenticSources(facts).flatMap((pipeline) =>
      ['tools', 'mcp-servers']
        .flatMap((part) => entriesOf(nodeAt(pipeline.root, part)))
        .flatMap((tool) => tokens(pipeline, tool)),
    ),
};

function tokens(pipeline: Pipeline, tool: MapEntry): readonly FindingDraft[] {
  return scalarsBelow(tool.value, 0).flatMap((scalar): readonly FindingDraft[] => {
    const secret = scalar.text.match(/(?<![\w.-])secrets\.([A-Za-z_]\w*)/)?.[1];
    if (secret === undefined || secret.toUpperCase() === 'GITHUB_TOKEN') return [];
    return [
      sourceFinding(pipeline, `${tool.key.text} ${secret}`, at(pipeline, scalar), {
        rule: 'AW010',
        message: `${tool.key.text} gets the secret ${secret}`,
        severity: 'medium',
        confidence: 'medium',
      }),
    ];
  });
}

const MOST_LEVELS = 8;

function scalarsBelow(node: Node, depth: number): readonly ScalarNode[] {
  if (node.kind === 'scalar') return [node];
  if (depth > MOST_LEVELS) return [];
  const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  return inner.flatMap((each) => scalarsBelow(each, depth + 1));
}

export const WIDTH_RULES: readonly Rule[] = [anyCommand, wideNetwork, wideOutputs, toolToken];
