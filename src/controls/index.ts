export type { ControlChange, ControlDiff, ControlGroup, Direction } from './model.ts';
