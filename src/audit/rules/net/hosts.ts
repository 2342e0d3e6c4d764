import { isModelHost } from '../../../agents/index.ts';

/** Day on which the lists of hosts were last read. */
export const HOSTS_DATE = '2026-11-21';

/** Further hosts of model vendors and of the clouds that sell their models; a leading dot stands for any name below. */
const VENDOR_HOSTS: readonly string[] = [
  '.anthropic.com',
  '.openai.com',
  '.googleapis.com',
  '.amazonaws.com',
  '.azure.com',
  '.microsoft.com',
  '.githubcopilot.com',
  '.github.ai',
  '.mistral.ai',
  '.deepseek.com',
  '.x.ai',
  '.z.ai',
  '.bigmodel.cn',
  '.moonshot.ai',
  '.moonshot.cn',
  '.minimax.io',
  '.aliyuncs.com',
  '.openrouter.ai',
  '.groq.com',
  '.together.xyz',
  '.fireworks.ai',
  '.cohere.com',
  '.cerebras.ai',
  '.nvidia.com',
  '.cursor.sh',
  '.cursor.com',
  '.opencode.ai',
  '.ampcode.com',
  '.factory.ai',
  '.augmentcode.com',
  '.huggingface.co',
  '.perplexity.ai',
  '.novita.ai',
  '.siliconflow.com',
  'gateway.ai.cloudflare.com',
  'ai-gateway.vercel.sh',
];

/** Whether a host belongs to somebody who sells models, or to a gateway that everybody uses. */
export function isVendorHost(host: string): boolean {
  const wanted = host.toLowerCase();
  return (
    isModelHost(wanted) || VENDOR_HOSTS.some((row) => wanted === row || wanted.endsWith(row) || `.${wanted}` === row)
  );
}

const LOCAL =
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal|[a-z0-9-]+)$|\.(?:local|internal|localhost|svc|cluster\.local)$/i;

/** This machine, a neighbour container, or a name that only an inner network knows. */
export function isLocalHost(host: string): boolean {
  return LOCAL.test(host);
}

/** The host of an address, in small letters; undefined when it is decided elsewhere. */
export function hostOf(address: string): string | undefined {
  const found =
    /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/)?(?:[^/@\s]{1,200}@)?(\[[0-9a-f:]{2,45}\]|[^/:\s$?#]{1,253})(?=[:/?#]|$)/i.exec(
      address.trim(),
    );
  const host = found?.[1]?.toLowerCase();
  return host === undefined || !/[.:]|^localhost$/.test(host) ? undefined : host;
}

/** Where anybody can leave data and fetch it elsewhere. */
interface LeavingRow {
  readonly hosts: RegExp;
  readonly what: string;
  /** A name that honest allow-lists need, so that the weight is lower. */
  readonly usual?: true;
}

const LEAVING: readonly LeavingRow[] = [
  { hosts: /^\*$|^\*:\d+$|^\*\.\*|^0\.0\.0\.0\/0$|^\*\.(?:com|org|net|io|dev|app)$/, what: 'every host' },
  { hosts: /^(?:gist\.github\.com|gist\.githubusercontent\.com)$/, what: 'anybody can write a gist' },
  {
    hosts:
      /(?:^|\.)(?:pastebin\.com|paste\.rs|0x0\.st|ix\.io|termbin\.com|transfer\.sh|file\.io|catbox\.moe|hastebin\.com|dpaste\.com|bpa\.st|rentry\.co|privatebin\.net)$/,
    what: 'a place for pastes takes whatever is sent',
  },
  {
    hosts:
      /(?:^|\.)(?:webhook\.site|requestbin\.com|pipedream\.net|hookbin\.com|beeceptor\.com|requestcatcher\.com|interact\.sh|oast\.(?:fun|pro|live|site|online|me)|burpcollaborator\.net|ngrok\.io|ngrok\.app|ngrok-free\.app|trycloudflare\.com|loca\.lt|serveo\.net)$/,
    what: 'a collecting service or tunnel',
  },
  {
    hosts: /(?:^|\.)(?:hooks\.slack\.com|slack\.com|discord\.com|discordapp\.com|api\.telegram\.org|telegram\.org)$/,
    what: 'a chat webhook of anybody takes whatever is sent',
  },
  {
    hosts:
      /(?:^|\.)(?:s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com|amazonaws\.com|storage\.googleapis\.com|blob\.core\.windows\.net|r2\.cloudflarestorage\.com|digitaloceanspaces\.com|backblazeb2\.com|workers\.dev|pages\.dev|vercel\.app|netlify\.app|firebaseio\.com|supabase\.co|appspot\.com|herokuapp\.com|onrender\.com)$/,
    what: 'anybody can have a place there',
  },
  {
    hosts: /^\*\.(?:githubusercontent\.com|github\.com|gitlab\.com|bitbucket\.org|googleapis\.com)$/,
    what: 'one wildcard for names that anybody can write to',
  },
  {
    hosts: /^(?:upload|npm\.pkg|maven\.pkg)\.(?:[a-z-]{2,30}\.)?(?:org|com|io)$/,
    what: 'a package can be published there with anybody’s token',
  },
  {
    hosts: /^(?:api\.github\.com|uploads\.github\.com|gitlab\.com|registry\.[a-z]{2,20}\.(?:org|com))$/,
    what: 'a token of somebody else writes there, too',
    usual: true,
  },
];

/** Why a host of an allow-list is a way out; undefined for one that is not known as one. */
export function leavingBy(written: string): { readonly what: string; readonly usual: boolean } | undefined {
  const host = written
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '')
    .replace(/\/.*$/, '');
  const row = LEAVING.find(({ hosts }) => hosts.test(host) || (host.startsWith('*.') && hosts.test(host.slice(2))));
  return row && { what: row.what, usual: row.usual === true };
}
