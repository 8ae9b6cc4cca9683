export { isPopulated, isSampleLoaded, loadSampleData, type LoadedSample } from './load.service.ts';
export { FIRST_CONTACT } from './people.ts';
export { SampleModule } from './sample.module.ts';
