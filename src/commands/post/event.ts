import { readFileNoFollow } from '../../system/index.ts';

const MAX_EVENT = 8 * 1024 * 1024;

/** The event of a job as text. It is a help, not a need: without it flags say what the job is about. */
export async function readEvent(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    return (await readFileNoFollow(path, MAX_EVENT)).toString('utf8');
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
