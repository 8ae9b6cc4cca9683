export { WebhooksApiModule, WebhooksModule } from './webhooks.module.ts';
export { signingSecrets } from './signature.ts';
