import type { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';

/**
 * Refuses what says nothing without another option: passed over in silence, it would look as if it had been obeyed.
 *
 * ```ts
 * command.hook('preAction', refuseAlone('--write-baseline', ['--reason']))
 * ```
 * @throws SallyportError SP1001
 */
export function refuseAlone(needed: string, options: readonly string[]): (command: Command) => void {
  return (command) => {
    if (isGiven(command, needed)) return;
    const alone = options.find((option) => isGiven(command, option));
    if (alone !== undefined) throw new SallyportError('SP1001', `${alone} says nothing without ${needed}`);
  };
}

function isGiven(command: Command, flag: string): boolean {
  const option = command.options.find(({ long }: Option) => long === flag);
  if (option === undefined) throw new TypeError(`${command.name()} has no option ${flag}`);
  return command.getOptionValueSource(option.attributeName()) === 'cli';
}
