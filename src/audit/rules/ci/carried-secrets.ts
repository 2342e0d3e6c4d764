import type { ScriptCommand, ScriptWord } from '../../../syntax/index.ts';
import type { StepScope } from './job-walk.ts';
import { holdsSecret, namesIn } from './printed-secrets.ts';

/** They ask servers of others about a name: what stands in the name is told to whoever owns the domain. */
const RESOLVING: ReadonlySet<string> = new Set(['dig', 'nslookup', 'host', 'drill', 'ping']);
/** They carry bytes to a machine without saying who is there or what for. */
const RAW: ReadonlySet<string> = new Set(['nc', 'ncat', 'netcat', 'telnet', 'socat']);

/**
 * The command by which a secret leaves through a program that has no honest use for one. A request to a named service is
 * what credentials are for, and not meant.
 */
export function carriedSecret(scope: StepScope): ScriptCommand | undefined {
  const commands = scope.step.run?.script.commands ?? [];
  return commands.find((command) => {
    const program = command.words[0]?.literal ?? '';
    if (RESOLVING.has(program)) return command.words.slice(1).some((word) => isSecret(scope, word));
    if (!RAW.has(program)) return false;
    const fed = commands.filter(
      ({ pipeline }) => pipeline.id === command.pipeline.id && pipeline.position < command.pipeline.position,
    );
    return [command, ...fed].some(({ words }) => words.slice(1).some((word) => isSecret(scope, word)));
  });
}

function isSecret(scope: StepScope, word: ScriptWord): boolean {
  const { start, end } = word.span;
  const written = scope.step.run?.text.interpolations.some(
    ({ index, values }) => index >= start && index < end && values.some(({ origin }) => origin === 'secret'),
  );
  return written === true || namesIn(word).some((name) => holdsSecret(scope, name));
}
