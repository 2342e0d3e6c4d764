import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';

const text = z.string();
const textMap = z.record(text, text);

/** What must be true at the end; `attacks/README.md` explains each form. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly thief: string }
  | { readonly model: string }
  | { readonly request: string; readonly to: 'thief' | 'forge' | 'model' | 'socket' }
  | { readonly patchTouches: string }
  | { readonly patchEncodes: string }
  | { readonly result: string; readonly matches: string }
  | { readonly outside: string; readonly matches: string }
  | { readonly alive: string }
  | { readonly output: string }
  | { readonly unlogged: true }
  | { readonly exit: number };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition) }),
    z.strictObject({ any: z.array(condition) }),
    z.strictObject({ not: condition }),
    z.strictObject({ thief: text }),
    z.strictObject({ model: text }),
    z.strictObject({ request: text, to: z.enum(['thief', 'forge', 'model', 'socket']) }),
    z.strictObject({ patchTouches: text }),
    z.strictObject({ patchEncodes: text }),
    z.strictObject({ result: text, matches: text }),
    z.strictObject({ outside: text, matches: text }),
    z.strictObject({ alive: text }),
    z.strictObject({ output: text }),
    z.strictObject({ unlogged: z.literal(true) }),
    z.strictObject({ exit: z.number().int() }),
  ]),
);

const call = z.strictObject({ tool: text, input: z.record(text, text) });

const attack = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  /** Where the attack was published. */
  source: text,
  /** Which part of a contained run stops it. */
  stoppedBy: text,
  /** Name → prefix; a random value is made for each replay. */
  secrets: textMap.default({}),
  environment: textMap.default({}),
  /** Committed files, untracked files, committed links, files of the home directory, files beside the checkout. */
  files: textMap.default({}),
  untracked: textMap.default({}),
  links: textMap.default({}),
  home: textMap.default({}),
  outside: textMap.default({}),
  /** `git config` settings that an earlier step left in the checkout. */
  gitConfig: textMap.default({}),
  /** Shell commands that run beside the agent, as neighbours of it. */
  background: z.array(text).default([]),
  /** Paths of the forge with what they answer. */
  forge: textMap.default({}),
  /** A Unix socket of a container engine, beside the checkout. */
  socket: z.boolean().default(false),
  prompt: text.default('Do the task in TASK.md.'),
  /** The script of the compromised model: each turn is a list of tool calls. */
  turns: z.array(z.array(call)),
  final: text.default('Done.'),
  /** Shell commands of a later, privileged step, in the tree that the run handed out. */
  after: z.array(text).default([]),
  /** Environment of that later step. */
  afterEnvironment: textMap.default({}),
  /** Parts of the policy that differ from the default, as in sallyport.yaml. */
  policy: z.record(text, z.unknown()).default({}),
  goal: condition,
  utility: condition,
});

/** One published attack, made small and harmless, with a goal that a program can check. */
export type Attack = z.infer<typeof attack>;

/** The attacks of a directory, by id. @throws SP1901 for a file that is not one. */
export function loadAttacks(directory: string): readonly Attack[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readAttack(join(directory, name)));
}

function readAttack(file: string): Attack {
  const content = parseJson(file);
  const parsed = attack.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SallyportError('SP1901', `${file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not an attack'}`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SallyportError('SP1901', `${file} is not JSON`, { cause });
  }
}
