import { InvalidArgumentError } from 'commander';

/** Reads the value of an option as a number within bounds; anything else is a mistake of whoever wrote it. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most))
      throw new InvalidArgumentError(`Write a number from ${least} to ${most}.`);
    return number;
  };
}

/** The same for a whole number, in digits alone. */
export function wholeNumberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,16}$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
    return number;
  };
}
