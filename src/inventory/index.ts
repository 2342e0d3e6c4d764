/** The AI bill of materials: which agents run where, what they hold, may do and talk to, and what they really did. */
export { type CycloneDxVersion, cycloneDx } from './cyclonedx/document.ts';
export { credentialLines } from './dated-lines.ts';
export { INVENTORY_FORMATS, type InventoryFormat, renderInventory } from './format/render.ts';
export type { AgentEntry, Inventory, RepositoryEntry } from './model.ts';
export type { ObservedRun } from './observed/observed-run.ts';
export { readObservedRuns } from './observed/read-runs.ts';
export type { LineDates } from './places.ts';
export { type InventoriedRepository, takeInventory, trifectaJobs } from './take-inventory.ts';
