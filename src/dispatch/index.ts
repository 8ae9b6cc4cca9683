export { DispatchModule, MessagesApiModule } from './dispatch.module.ts';
export { Dispatcher } from './dispatcher.service.ts';
export { Composer } from './composer.ts';
