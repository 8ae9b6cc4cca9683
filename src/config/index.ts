export { CLOCK, CONFIG, ConfigModule } from './config.module.ts';
export type { Role } from './config.schema.ts';
export { libraryPlaces, loadConfig } from './config.store.ts';
export type { Config, DkimConfig, InboundConfig, SmsConfig, SmtpConfig, Variables, WebhookConfig } from './config.ts';
