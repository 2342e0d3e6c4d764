import { type AgentConfiguration, isCodeRunning, isRouting } from '../../../agents/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { hostOf, isVendorHost, leavingBy } from '../net/hosts.ts';
import { namesKeyOf, ownProviderOf } from '../own-provider.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { json } from './examples.ts';
import { weighByRuns, withReach } from './reach.ts';

/** A key of a product's file that widens power, runs code, moves data or weakens a control. */
interface KeyRow {
  readonly product: AgentConfiguration['product'];
  readonly path: RegExp;
  readonly value: RegExp;
  readonly effect: string;
  readonly severity: Severity;
}

const TRUE = /^true$/i;
const ANY = /./;

/** Source: the vendors' references, August 2026. */
const ROWS: readonly KeyRow[] = [
  {
    product: 'opencode',
    path: /^share$/,
    value: /^auto$/,
    effect: 'publishes every session under an address',
    severity: 'medium',
  },
  {
    product: 'opencode',
    path: /^autoshare$/,
    value: TRUE,
    effect: 'publishes every session under an address',
    severity: 'medium',
  },
  {
    product: 'opencode',
    path: /^plugin$/,
    value: ANY,
    effect: 'loads a plug-in that runs at every start, without any trust',
    severity: 'medium',
  },
  {
    product: 'opencode',
    path: /headers\.[^.]{1,80}$/,
    value: /\{env:/,
    effect: 'sends a variable of the job to the server',
    severity: 'high',
  },
  {
    product: 'opencode',
    path: /(^|\.)permission\.external_directory$/,
    value: /^allow$/,
    effect: 'lets the agent leave the work tree',
    severity: 'medium',
  },
  {
    product: 'cursor',
    path: /^type$/,
    value: /^insecure_none$/,
    effect: 'switches the sandbox off; the repository overrides the person here',
    severity: 'high',
  },
  {
    product: 'cursor',
    path: /^networkPolicy\.default$/,
    value: /^allow$/,
    effect: 'lets sandboxed commands reach any host',
    severity: 'medium',
  },
  {
    product: 'aider',
    path: /^yes(-always)?$/,
    value: TRUE,
    effect: 'answers every question with yes, commands of the model among them',
    severity: 'high',
  },
  {
    product: 'aider',
    path: /^verify-ssl$/,
    value: /^false$/i,
    effect: 'switches the check of the model host off',
    severity: 'high',
  },
  {
    product: 'aider',
    path: /^auto-test$/,
    value: TRUE,
    effect: 'runs the test command of the repository after every change',
    severity: 'medium',
  },
  { product: 'aider', path: /^load$/, value: ANY, effect: 'runs commands from a file at start', severity: 'medium' },
  {
    product: 'aider',
    path: /^(test-cmd|lint-cmd|notifications-command)$/,
    value: ANY,
    effect: 'names a command of the repository that aider runs',
    severity: 'medium',
  },
  {
    product: 'copilot',
    path: /^chat\.tools\.terminal\.autoApprove\.(\*|\/\.\*\/|sh|bash|curl|node|python3?|npm)$/,
    value: TRUE,
    effect: 'approves commands in the terminal by itself',
    severity: 'high',
  },
  {
    product: 'copilot',
    path: /^jobs\.copilot-setup-steps\..{0,200}(env|with)\.[^.]{1,80}$/,
    value: /secrets\.(?!GITHUB_TOKEN\b)\w/,
    effect: "puts a secret into the agent's own machine before it starts",
    severity: 'medium',
  },
  {
    product: 'copilot',
    path: /^proxyUrl$/,
    value: ANY,
    effect: 'sends requests through a host of the repository',
    severity: 'medium',
  },
  {
    product: 'amp',
    path: /^amp\.(url|proxy)$/,
    value: ANY,
    effect: 'sends requests to a host of the repository',
    severity: 'high',
  },
  {
    product: 'qwen',
    path: /^security\.auth\.baseUrl$/,
    value: ANY,
    effect: 'sends requests, with the key in them, to a host of the repository',
    severity: 'high',
  },
];

/** CFG020: dangerous keys of the products without rules of their own. */
export const otherProductKeys = configurationRule(
  {
    id: 'CFG020',
    name: 'dangerous-agent-key',
    title: 'A key of opencode, Cursor, Copilot, aider or another agent is dangerous in a repository',
    what: "A committed configuration switches a sandbox off, approves servers or commands by itself, shares sessions, loads code at start, names commands that run, or redirects the model's address or home in an environment file.",
    why: "opencode, Qwen and aider have no trust gate at all, and the others stop asking once somebody trusted the folder: whoever changes the file acts with the agent's rights.",
    sources: [
      'Measured: opencode 1.18.33 and Qwen 0.24.4 obey the repository without trust',
      'CVE-2025-61260',
      'CVE-2025-54135',
      'CVE-2025-53773',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: 'Remove the key from the repository; set it, where it is needed, in the job.',
    tags: ['CWE-829', 'CWE-1188'],
    attack: [json('.cursor/sandbox.json', { type: 'insecure_none' })],
    benign: [json('.cursor/sandbox.json', { type: 'workspace_readwrite', networkPolicy: { default: 'deny' } })],
  },
  function* (configuration, facts) {
    for (const found of [
      ...byKeys(configuration),
      ...startCode(configuration),
      ...redirects(configuration),
      ...selfApproved(configuration),
    ]) {
      yield { ...found, severity: weighByRuns(found.severity, found.place, facts), ...withReach(found.place, facts) };
    }
  },
);

type Weighted = Report & { readonly severity: Severity };

function byKeys({ product, keys }: AgentConfiguration): readonly Weighted[] {
  return keys.flatMap((key) => {
    const row = ROWS.find((one) => one.product === product && one.path.test(key.path) && one.value.test(key.text));
    if (row?.value === ANY && isUsualAddress(key.text)) return [];
    return row === undefined
      ? []
      : [
          {
            place: key.place,
            message: `${key.path}: ${key.text.slice(0, 80)} ${row.effect}`,
            subject: key.path,
            severity: isOwnHeader(key) ? ('low' as const) : row.severity,
          },
        ];
  });
}

/** The key of a provider in the header that this provider asks for. */
function isOwnHeader({ path, text }: AgentConfiguration['keys'][number]): boolean {
  const provider = ownProviderOf(path);
  return provider !== undefined && namesKeyOf(provider, text);
}

/** Code that the product loads from the repository as it starts. */
function startCode({ product, kind, file, helpers }: AgentConfiguration): readonly Weighted[] {
  const place: Place = { file: file.path, span: { start: 0, end: Math.min(1, file.text.length) } };
  const loaded = product === 'opencode' && kind === 'plugin';
  const tasks = helpers.filter((one) => one.key === 'tasks.folderOpen');
  return [
    ...(loaded
      ? [
          {
            place,
            message: 'opencode runs this file at every start, without any trust',
            subject: 'start code',
            severity: 'medium' as const,
          },
        ]
      : []),
    ...tasks.map((one) => ({
      place: one.place,
      message: `The editor runs ${one.command.slice(0, 80)} as soon as the folder opens`,
      subject: 'folderOpen',
      severity: 'medium' as const,
    })),
  ];
}

/** An environment file that moves the model's address, the agent's home or what programs load. */
function redirects({ kind, environment, product }: AgentConfiguration): readonly Weighted[] {
  if (kind !== 'environment' && product !== 'aider') return [];
  return environment.flatMap(({ name, value, place }) => {
    if (value === '' || (!isRouting(name) && !isCodeRunning(name)) || isUsualAddress(value)) return [];
    const effect = isRouting(name)
      ? 'sends requests of agents that read it elsewhere'
      : 'makes agents that read it load other code or settings';
    return [{ place, message: `${name} ${effect}`, subject: `variable ${name}`, severity: 'high' as const }];
  });
}

/** This machine, or a vendor of models at an address that nobody else can have: the key goes where it belongs. */
function isUsualAddress(value: string): boolean {
  const host = /^https?:\/\//.test(value) ? hostOf(value) : undefined;
  if (host === undefined) return false;
  return /^(?:localhost|127\.)/.test(host) || (value.startsWith('https:') && isVendorHost(host) && !leavingBy(host));
}

/** Servers whose tools the file approves in advance (Cline, Roo, Kiro, Cursor). */
function selfApproved({ servers, file }: AgentConfiguration): readonly Weighted[] {
  return servers.flatMap((server) => {
    const list =
      server.node?.kind === 'map'
        ? server.node.entries.find(({ key }) => ['alwaysAllow', 'autoApprove'].includes(key.text))
        : undefined;
    if (
      list === undefined ||
      (list.value.kind === 'list' && list.value.items.length === 0) ||
      (list.value.kind === 'scalar' && list.value.value === false)
    )
      return [];
    const place = { file: file.path, span: list.key.span };
    return [
      {
        place,
        message: `Tools of the server ${server.name} are approved in advance`,
        subject: `approved ${server.name}`,
        severity: 'medium' as const,
      },
    ];
  });
}
