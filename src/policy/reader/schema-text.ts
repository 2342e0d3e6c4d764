import { z } from 'zod';

/** Kinds of text that every section of a policy shares. */
export const text = z.string().min(1).max(1024);
export const date = z.string().describe('ISO date, `2027-01-31`.');
