export type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from './channel.ts';
export { Channels } from './channels.service.ts';
export { ChannelsModule } from './channels.module.ts';
export { CaptureAdapter } from './capture.service.ts';
export { composeEmail, composeSms, MESSAGE_HEADER } from './compose.ts';
export { OutboxModule } from './outbox.module.ts';
export {
  addressMark,
  feedbackAddress,
  readReturnAddress,
  readReturnToken,
  readUnsubscribeAddress,
  RETURN_HEADER,
  returnAddress,
  returnToken,
  type ReturnSettings,
  type ReturnToken,
  unsubscribeAddress,
} from './return-address.ts';
export { HttpSmsAdapter } from './sms-http.service.ts';
export { SmtpAdapter } from './smtp.service.ts';
export { classifyRefusal, type RefusalClass } from './refusals/classify.ts';
export { withoutAddresses } from './refusals/without-addresses.ts';
