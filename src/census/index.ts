export { CensusApiModule } from './census.module.ts';
export { takeCensus, type Census } from './census.service.ts';
export { conditionFaults } from './condition-faults.ts';
