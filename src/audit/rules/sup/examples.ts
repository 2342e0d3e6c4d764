import { commandStep, workflow } from '../example.ts';

/** What every rule of this family has in common. */
export const SUP = { tier: 'regular', family: 'SUP' } as const;

export const AGENT = commandStep('claude -p "Review the change" --tools Read');
export const SOUND = workflow(AGENT);
/** The newest version of the agent that was measured; what fixes pin to. */
export const MEASURED_CLAUDE = '2.1.329';
