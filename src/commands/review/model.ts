import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../errors/index.ts';
import {
  anthropicClient,
  claudeCliClient,
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
}

export const PROVIDER_NAMES = ['anthropic', 'openai', 'claude-code'] as const;
type ProviderName = (typeof PROVIDER_NAMES)[number];

interface Provider {
  readonly key: string;
  readonly address: string;
  readonly standard: string;
  readonly open: typeof anthropicClient;
}

const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  anthropic: {
    key: 'ANTHROPIC_API_KEY',
    address: 'ANTHROPIC_BASE_URL',
    standard: 'https://api.anthropic.com',
    open: anthropicClient,
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
 * @throws SallyportError SP2303 when its key is not set
 */
export async function openModel(flags: ModelFlags, isDryRun: boolean): Promise<ModelSettings | undefined> {
  if (flags.model === undefined) return undefined;
  const provider = PROVIDERS[flags.provider];
  const key = process.env[provider.key];
  if (!key && !isDryRun) throw new SallyportError('SP2303', `${provider.key} is not set`);
  return {
    client: provider.open({
      baseUrl: process.env[provider.address] || provider.standard,
      key: key ?? '',
      model: flags.model,
      sleep: async (milliseconds) => {
        await setTimeout(milliseconds);
      },
      timeout: TIMEOUT,
    }),
    votes: flags.votes,
    limits: { tokens: flags.maxTokens, usd: flags.maxUsd },
    journal: flags.units === undefined ? NO_JOURNAL : await openJournal(flags.units),
    random: systemRandom,
  };
}
