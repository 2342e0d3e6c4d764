import type { RunEnd } from '../request.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** Bytes as a person reads them: `0 B`, `14.2 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? 'B'}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  // `toLocaleString` would load the tables of every language for the sake of a comma: 15 ms.
  const digits = String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${digits} ${count === 1 ? singular : plural}`;
}

/** How a run ended; with `durationMs` also after what time. */
export function describeEnd(end: RunEnd, exitCode: number, durationMs?: number): string {
  const after = durationMs === undefined ? '' : ` after ${formatDuration(durationMs)}`;
  switch (end.kind) {
    case 'completed':
      return exitCode === 0 ? `completed${after}` : `the agent ended with exit code ${exitCode}${after}`;
    case 'timeout':
      return `stopped${after}: the time limit was reached`;
    case 'cancelled':
      return `cancelled${after}`;
    case 'limit':
      return `stopped${after}: the ${end.limit} limit was reached`;
    case 'blocked':
      return `blocked${after}: ${end.reason}`;
    case 'incomplete':
      return `incomplete${after}: ${end.reason}`;
  }
}
