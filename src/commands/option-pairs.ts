import type { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';

/**
 * Refuses what says nothing without another option, or one of several: passed over in silence, it would look as if it
 * had been obeyed.
 *
 * ```ts
 * command.hook('preAction', refuseAlone('--write-baseline', ['--reason']))
 * ```
 * @throws SallyportError SP1001
 */
export function refuseAlone(
  needed: string | readonly string[],
  options: readonly string[],
): (command: Command) => void {
  const oneOf = typeof needed === 'string' ? [needed] : needed;
  return (command) => {
    if (oneOf.some((option) => isGiven(command, option))) return;
    const alone = options.find((option) => isGiven(command, option));
    if (alone !== undefined) throw new SallyportError('SP1001', `${alone} says nothing without ${oneOf.join(' or ')}`);
  };
}

function isGiven(command: Command, flag: string): boolean {
  const option = command.options.find(({ long }: Option) => long === flag);
  if (option === undefined) throw new TypeError(`${command.name()} has no option ${flag}`);
  return command.getOptionValueSource(option.attributeName()) === 'cli';
}
