import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';

const COMMANDS = resolve(import.meta.dirname, '../src/commands');
/** What makes the command of a file; a file that starts a program has none. */
const FACTORY = /^export function (\w+Command)\(\)/m;

/** Every command of the program, with its own commands below it, by name. */
export async function allCommands(): Promise<readonly Command[]> {
  const found: Command[] = [];
  for (const name of readdirSync(COMMANDS).filter((file) => file.endsWith('.ts'))) {
    const path = join(COMMANDS, name);
    const factory = FACTORY.exec(readFileSync(path, 'utf8'))?.[1];
    if (factory === undefined) continue;
    const module: { readonly [name: string]: unknown } = await import(pathToFileURL(path).href);
    const make = module[factory];
    const command: unknown = typeof make === 'function' ? make() : undefined;
    if (command instanceof Command) found.push(command);
  }
  return found.sort((one, other) => (one.name() < other.name() ? -1 : 1));
}
