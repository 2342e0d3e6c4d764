import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../errors/index.ts';
import {
  anthropicBatchClient,
  anthropicClient,
  type BatchOptions,
  claudeCliClient,
  type ModelClient,
  type ModelSettings,
  NO_JOURNAL,
  openaiClient,
  openJournal,
} from '../../review/index.ts';
import { systemRandom } from '../../system/index.ts';
import { containedClaude } from './contained-claude.ts';

/** What a person said about the model. */
export interface ModelFlags {
  readonly model?: string;
  readonly provider: ProviderName;
  readonly votes: number;
  readonly maxTokens: number;
  readonly maxUsd?: number;
  readonly units?: string;
  readonly batch?: boolean;
  /** Minutes. */
  readonly wait?: number;
}

export const PROVIDER_NAMES = ['anthropic', 'openai', 'claude-code'] as const;
type ProviderName = (typeof PROVIDER_NAMES)[number];

interface Provider {
  readonly key: string;
  readonly address: string;
  readonly standard: string;
  readonly open: typeof anthropicClient;
  /** Asks for half the price and without haste. */
  readonly openBatches?: (options: BatchOptions) => ModelClient;
}

const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  anthropic: {
    key: 'ANTHROPIC_API_KEY',
    address: 'ANTHROPIC_BASE_URL',
    standard: 'https://api.anthropic.com',
    open: anthropicClient,
    openBatches: anthropicBatchClient,
  },
  openai: {
    key: 'OPENAI_API_KEY',
    address: 'OPENAI_BASE_URL',
    standard: 'https://api.openai.com',
    open: openaiClient,
  },
  'claude-code': {
    key: 'ANTHROPIC_API_KEY',
    address: 'ANTHROPIC_BASE_URL',
    standard: 'https://api.anthropic.com',
    open: ({ model }) => claudeCliClient({ model, execute: containedClaude('claude', process.env) }),
  },
};

/** For one try: a long slice takes minutes. */
const TIMEOUT = 180_000;

/**
 * The model that was asked for; undefined when none was. A key in the environment alone asks nobody: code leaves the
 * machine only when somebody says so.
 * @throws SallyportError SP1001 for a batch that cannot be asked or taken up, SP2303 when the key is not set
 */
export async function openModel(flags: ModelFlags, isDryRun: boolean): Promise<ModelSettings | undefined> {
  if (flags.batch && flags.model === undefined)
    throw new SallyportError('SP1001', '--batch needs --model: without one nothing is asked');
  if (flags.model === undefined) return undefined;
  const provider = PROVIDERS[flags.provider];
  const key = process.env[provider.key];
  if (!key && !isDryRun) throw new SallyportError('SP2303', `${provider.key} is not set`);
  const journal = flags.units === undefined ? NO_JOURNAL : await openJournal(flags.units);
  const options = {
    baseUrl: process.env[provider.address] || provider.standard,
    key: key ?? '',
    model: flags.model,
    sleep: async (milliseconds: number): Promise<void> => {
      await setTimeout(milliseconds);
    },
    timeout: TIMEOUT,
  };
  return {
    client: flags.batch ? openBatches(provider, flags, { ...options, journal }) : provider.open(options),
    votes: flags.votes,
    limits: { tokens: flags.maxTokens, usd: flags.maxUsd },
    journal,
    random: systemRandom,
  };
}

const MINUTE = 60_000;

function openBatches(
  { openBatches: open }: Provider,
  { provider, units, wait = 0 }: ModelFlags,
  options: Omit<BatchOptions, 'patience' | 'tell'>,
): ModelClient {
  if (open === undefined) throw new SallyportError('SP1001', `--batch is not known for the provider ${provider}`);
  if (units === undefined)
    throw new SallyportError('SP1001', '--batch needs --units FILE: a batch may outlive this run, and was paid for');
  const tell = (message: string): void => void process.stderr.write(`${message}\n`);
  return open({ ...options, patience: wait * MINUTE, tell });
}
