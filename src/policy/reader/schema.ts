import { z } from 'zod';
import { MERGE_ORIGINS, REVIEW_STATES } from '../action.ts';
import { REGISTRY_KINDS } from '../document.ts';
import { PATH_CLASSES } from '../path-classes.ts';
import { DISABLEABLE } from '../protected-paths.ts';
import { audit, review } from './findings-schema.ts';
import { counts, merge, signed } from './merge-schema.ts';
import { label, ruleFields } from './rule-fields.ts';
import { text } from './schema-text.ts';

/** The policy file as a schema. Descriptions are the reference in `docs/policy.md` and what editors show. */

function ruleList<Long extends z.ZodType>(short: string, long: Long) {
  return z.array(z.union([z.string().min(1).max(1024).describe(short), long])).max(1000);
}

function verdictLists<Long extends z.ZodType>(short: string, long: Long) {
  return {
    allow: ruleList(short, long)
      .optional()
      .describe('What is granted; nothing else is. Without this list the built-in default is granted.'),
    ask: ruleList(short, long)
      .optional()
      .describe(
        'What a person must agree to. In an unattended run nobody is there: tools, connections and models are refused; a file change waits for approval.',
      ),
    deny: ruleList(short, long).optional().describe('What is refused, whatever else allows it.'),
  };
}

const toolRule = z.strictObject({
  tool: text.describe('`Read`, `Bash(npm test *)`, `mcp__github__*`.'),
  ...ruleFields,
});
const tool = z
  .strictObject(
    verdictLists(
      'Tool name with `*`, or `Tool(spec)`: `Bash(command words *)`, `Read(glob)`, `WebFetch(domain:host)`.',
      toolRule,
    ),
  )
  .describe(
    'Which tools the agent may call. Without this section: the tools of the detected agent that act inside the sandbox only.',
  );

const fileRule = z.strictObject({
  path: text.describe(
    'Glob: `*` and `?` within a name, `**` across directories, `{a,b}`. Without `/` it selects the name at any depth.',
  ),
  max: z.union([z.int().positive(), z.string()]).optional().describe('Largest file, for example `1MiB` (allow rules).'),
  ...ruleFields,
});
const fileLists = z.strictObject(verdictLists('Glob, relative to the workspace.', fileRule));
const file = z
  .strictObject({
    read: fileLists
      .optional()
      .describe(
        'Reading. Without it everything in the workspace may be read; what must stay unseen belongs in `workspace.hide`.',
      ),
    write: fileLists.optional().describe('Writing and deleting. Without it: everything but protected paths.'),
    delete: fileLists.optional().describe('Deleting, when it differs from writing.'),
  })
  .describe('Which files of the workspace the change may touch.');

const networkRule = z.strictObject({
  host: text.optional().describe('`example.org`, `*.example.org` (any depth below, not itself), or an IP literal.'),
  registry: z
    .enum(REGISTRY_KINDS)
    .optional()
    .describe(
      "Package registry by kind, instead of `host`; its hosts come from this machine's package client configuration.",
    ),
  port: z.int().min(1).max(65535).optional().describe('Default 443, or 80 for `http`.'),
  protocol: z.enum(['https', 'http']).optional().describe('Default `https`.'),
  tls: z
    .enum(['inspect', 'tunnel'])
    .optional()
    .describe('`tunnel` checks the server name only, `inspect` sees each request. Default: whatever the rules need.'),
  methods: z
    .array(z.string().regex(/^[A-Za-z]+$/))
    .min(1)
    .optional()
    .describe('HTTP methods; any when absent.'),
  paths: z.array(z.string().startsWith('/')).min(1).optional().describe('URL paths with `*`; any when absent.'),
  max: z
    .union([z.int().positive(), z.string()])
    .optional()
    .describe('Most bytes that may leave for this host in the run, for example `10MiB`.'),
  address: text.optional().describe('IP address to connect to; the only way to a private or loopback address.'),
  ca: text.optional().describe('PEM file with the authority of a private server.'),
  ...ruleFields,
});
const network = z
  .strictObject(
    verdictLists(
      'Registry kind (`npm`), host with optional port, URL, or `METHOD URL`: `GET https://docs.example.org/v1/*`.',
      networkRule,
    ),
  )
  .describe(
    'Where the sandbox may connect to. Without this section: nowhere. The model provider is on the `model` plane and needs no entry here; rules here do not limit it.',
  );

const modelRule = z.strictObject({ model: text.describe('Model name with `*`.'), ...ruleFields });
const model = z
  .strictObject({
    ...verdictLists('Model name with `*`.', modelRule),
    upstream: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Base URL of the provider or of your own gateway.'),
    ca: text.optional().describe('PEM file with the authority of a private upstream.'),
    keyEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('Variable outside the sandbox that holds the real key; default `ANTHROPIC_API_KEY`.'),
    hostedTools: z
      .union([z.literal('off'), z.array(text).min(1)])
      .optional()
      .describe('Tools that the provider runs on its own side; default `off`.'),
    urlInputs: z
      .enum(['off', 'on'])
      .optional()
      .describe('Whether a request may make the provider fetch a URL; default `off`.'),
    budget: z
      .strictObject({
        usd: z.number().positive().optional().describe('US dollars.'),
        requests: z.int().positive().optional().describe('Requests; default 500.'),
        tokens: z.int().positive().optional().describe('Tokens in and out; default 20 million.'),
      })
      .optional()
      .describe('What one run may spend. A request beyond it is refused for good.'),
  })
  .describe('Which models, through which door, for how much.');

const secret = z.strictObject({
  name: text.describe('Name in reports.'),
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .describe('Variable inside that holds a placeholder of the same shape.'),
  from: z
    .union([z.strictObject({ env: text }), z.strictObject({ file: text })])
    .describe('Where the real value is found, outside.'),
  hosts: z
    .array(z.string().regex(/^.+:\d{1,5}$/, 'a host is written with its port: `api.example.org:443`'))
    .min(1)
    .describe('`host:port` at which the placeholder is exchanged.'),
  header: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
    .describe('Header in which it is exchanged.'),
});

const size = z.union([z.int().positive(), z.string()]);
const limits = z
  .strictObject({
    minutes: z
      .number()
      .positive()
      .max(24 * 60)
      .optional()
      .describe('Wall clock; default 30.'),
    memory: size.optional().describe('Default `4GiB`.'),
    processes: z.int().positive().optional().describe('Default 512.'),
    disk: size.optional().describe('What the run may write, temporary files included; default `2GiB`.'),
    inodes: z.int().positive().optional().describe('Files and directories it may create; default 120000.'),
    openFiles: z.int().positive().optional().describe('Default 4096.'),
    output: size.optional().describe('Standard output and error; default `32MiB`.'),
    patchFiles: z.int().positive().optional().describe('Largest patch, in files; default 500.'),
    patch: size.optional().describe('Largest patch, in bytes; default `16MiB`.'),
  })
  .describe('What one run may use. Sizes: a number of bytes, or `512MiB`, `4GiB`.');

const workspace = z
  .strictObject({
    hide: z
      .array(text)
      .optional()
      .describe(
        'Globs of untracked files the agent never sees, added to the built-in list of credential files; `!` before one makes an exception, a later entry beats an earlier one. What an organisation hides no repository shows, nor the other way round.',
      ),
    hidden: z
      .enum(['empty', 'decoy', 'absent'])
      .optional()
      .describe(
        'What stands in place of a hidden file: an empty file (default), the same settings with made-up values that are caught when they leave, or nothing.',
      ),
    readOnly: z
      .array(z.string().startsWith('/'))
      .optional()
      .describe('Host paths that are visible read-only inside, at the same place.'),
  })
  .describe('What the agent sees.');

const source = z.strictObject({
  tools: z.array(text).optional().describe('Tools whose results carry the label, with `*`.'),
  reads: z.array(text).optional().describe('Globs of paths whose content carries the label.'),
});
const labels = z
  .strictObject({ untrusted: source.optional(), secret: source.optional() })
  .describe('Which data sets a label; an entry replaces the built-in sources of that label.');

const test = z.strictObject({
  name: text.optional(),
  given: z
    .strictObject({
      tool: text.optional().describe('`Bash(git push origin main)`, `Read(src/a.ts)`.'),
      read: text.optional(),
      write: text.optional(),
      delete: text.optional(),
      fetch: text.optional().describe('`GET https://docs.example.org/v1/x`, or a URL.'),
      model: text.optional(),
      merge: z
        .strictObject({
          paths: z.array(text).optional(),
          classes: z.array(z.enum(PATH_CLASSES)).optional(),
          approvals: z.int().min(0).optional(),
          findings: z.strictObject(counts).optional(),
          weakened: z.array(text).optional(),
          attestations: z.array(text).optional(),
          origin: z.enum(MERGE_ORIGINS).optional(),
          meta: z.array(text).optional(),
          capabilities: z.array(text).optional(),
          size: z
            .strictObject({ files: z.int().min(0), lines: z.int().min(0), binaryFiles: z.int().min(0) })
            .optional(),
          review: z.enum(REVIEW_STATES).optional(),
          dispatcherKnown: z.boolean().optional(),
        })
        .optional(),
    })
    .describe('One thing that is tried.'),
  after: z.array(label).optional().describe('Labels that the session carries already.'),
  expect: z.enum(['allow', 'ask', 'deny']),
  by: text.optional().describe('Id of the rule that must decide.'),
});

export const documentSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  agent: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional()
    .describe('`claude-code`, or `generic` for any command. Detected from the command when absent.'),
  tool: tool.optional(),
  file: file.optional(),
  network: network.optional(),
  model: model.optional(),
  merge: merge.optional(),
  signed: signed.optional(),
  secrets: z
    .array(secret)
    .max(100)
    .optional()
    .describe(
      'Credentials that stay outside. Inside there is a placeholder, exchanged only on the way to the named hosts.',
    ),
  limits: limits.optional(),
  workspace: workspace.optional(),
  output: z
    .enum(['text', 'inert'])
    .optional()
    .describe(
      'What the agent prints: `text` (default), in which nothing is a command to the CI system or the terminal; or `inert`, in which characters of a shell are look-alikes too, for jobs that put the output into a command.',
    ),
  labels: labels.optional(),
  disable: z.array(z.enum(DISABLEABLE)).optional().describe('Built-in protection rules that this file switches off.'),
  audit: audit.optional(),
  review: review.optional(),
  tests: z
    .array(test)
    .max(1000)
    .optional()
    .describe('Examples of what this policy decides; run by `sallyport policy test`.'),
});

export type DocumentInput = z.infer<typeof documentSchema>;
export type NetworkInput = z.infer<typeof networkRule>;
export type MergeInput = z.infer<typeof merge>;
export type LimitsInput = z.infer<typeof limits>;
export type AuditInput = z.infer<typeof audit>;
export type ReviewInput = z.infer<typeof review>;
export type TestInput = z.infer<typeof test>;
/** The members that every long form shares. */
export interface RuleFields {
  readonly id?: string | undefined;
  readonly when?: string | undefined;
  readonly after?: readonly ('untrusted' | 'secret')[] | undefined;
  readonly reason?: string | undefined;
  readonly observe?: boolean | undefined;
  readonly until?: string | undefined;
}
