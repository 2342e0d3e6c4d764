import { ACTIONS, PRODUCTS } from '../../../agents/index.ts';

/** Day on which vendors' names and the names seen in the wild were last read. */
export const NAMES_DATE = '2026-11-21';

/** A name that passes for a vendor's and is not. */
export interface FakeRow {
  readonly kind: 'package' | 'action';
  readonly name: string;
  /** Empty: the vendor has no such thing. */
  readonly official: string;
  /** Found in public pipelines; the others are the slips next to them. */
  readonly seen?: true;
}

/** Names that do not exist or belong to somebody else. */
const FAKES: readonly FakeRow[] = [
  { kind: 'package', name: '@anthropic/claude-code', official: '@anthropic-ai/claude-code', seen: true },
  { kind: 'package', name: '@anthropic-ai/claude-cli', official: '@anthropic-ai/claude-code', seen: true },
  { kind: 'package', name: '@anthropics/claude-code', official: '@anthropic-ai/claude-code' },
  { kind: 'package', name: '@anthropic-ai/claude', official: '@anthropic-ai/claude-code' },
  { kind: 'package', name: 'anthropic-claude-code', official: '@anthropic-ai/claude-code' },
  { kind: 'package', name: '@github/copilot-cli', official: '@github/copilot', seen: true },
  { kind: 'package', name: '@openai/codex-cli', official: '@openai/codex' },
  { kind: 'package', name: '@google/gemini', official: '@google/gemini-cli' },
  { kind: 'package', name: '@google-gemini/gemini-cli', official: '@google/gemini-cli' },
  { kind: 'action', name: 'anthropics/claude-pr-action', official: 'anthropics/claude-code-action', seen: true },
  { kind: 'action', name: 'anthropics/claude-action', official: 'anthropics/claude-code-action' },
  { kind: 'action', name: 'anthropic/claude-code-action', official: 'anthropics/claude-code-action' },
  { kind: 'action', name: 'anthropic-ai/claude-code-action', official: 'anthropics/claude-code-action' },
  { kind: 'action', name: 'cursor-ai/bugbot', official: '', seen: true },
];

/** Packages of the vendors that are near to one another, so that none is taken for a fake of the other. */
const FURTHER_PACKAGES = [
  '@anthropic-ai/sdk',
  '@anthropic-ai/claude-agent-sdk',
  '@anthropic-ai/mcpb',
  '@anthropic-ai/dxt',
  '@openai/codex-sdk',
  '@openai/agents',
  '@google/gemini-cli-core',
  '@google/generative-ai',
  '@google/genai',
  '@github/copilot-sdk',
];

const OFFICIAL: Readonly<Record<FakeRow['kind'], readonly string[]>> = {
  package: [...new Set(PRODUCTS.flatMap(({ packages }) => packages)), ...FURTHER_PACKAGES],
  action: [
    ...new Set(ACTIONS.flatMap(({ names }) => names)),
    'anthropics/claude-code-base-action',
    'actions/checkout',
    'actions/cache',
    'actions/setup-node',
    'actions/setup-python',
    'actions/github-script',
    'actions/upload-artifact',
    'actions/download-artifact',
    'step-security/harden-runner',
  ],
};

/** Names nearer than this many changes to a vendor's are taken for a slip or a trap; short names are too near to others. */
const SHORTEST = 12;
const LONGEST = 100;

/** The vendor's name that this one passes for; undefined for any other name. Empty: there is no such thing at the vendor. */
export function passesFor(
  kind: FakeRow['kind'],
  name: string,
): { readonly official: string; readonly seen: boolean } | undefined {
  const lower = name.toLowerCase();
  // First: the recognition table knows some fakes, so that what they start is audited as the agent they pass for.
  const fake = FAKES.find((row) => row.kind === kind && row.name === lower);
  if (fake !== undefined) return { official: fake.official, seen: fake.seen === true };
  if (OFFICIAL[kind].includes(lower) || OFFICIAL[kind].some((one) => lower.startsWith(`${one}/`))) return undefined;
  if (lower.length < SHORTEST || lower.length > LONGEST) return undefined;
  const near = OFFICIAL[kind].find((one) => one.length >= SHORTEST && isNear(lower, one));
  return near === undefined ? undefined : { official: near, seen: false };
}

/** One letter added, left out, replaced or swapped, or only signs between the words that differ. */
function isNear(name: string, official: string): boolean {
  if (bare(name) === bare(official)) return true;
  if (Math.abs(name.length - official.length) > 1) return false;
  let start = 0;
  while (start < name.length && name[start] === official[start]) start++;
  const one = name.slice(start);
  const two = official.slice(start);
  if (one.slice(1) === two || one === two.slice(1)) return true;
  if (one.slice(1) === two.slice(1)) return !/\d/.test(`${one[0] ?? ''}${two[0] ?? ''}`);
  return one[0] === two[1] && one[1] === two[0] && one.slice(2) === two.slice(2);
}

function bare(name: string): string {
  return name.replace(/[^a-z0-9/]/g, '');
}
