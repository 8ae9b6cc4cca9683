import type { OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config/index.ts';
import type { Sql } from '../database/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Clock } from '../shared/clock.ts';
import { CaptureAdapter } from './capture.service.ts';
import type { ChannelAdapter } from './channel.ts';
import { HttpSmsAdapter } from './sms-http.service.ts';
import { SmtpAdapter } from './smtp.service.ts';

/** The adapter of every channel, by configuration: a channel that is not configured is captured. */
export class Channels implements OnApplicationShutdown {
  readonly email: ChannelAdapter;
  readonly sms: ChannelAdapter;

  constructor(config: Pick<Config, 'smtp' | 'sms'>, sql: Sql, clock: Clock) {
    this.email =
      config.smtp === undefined ? new CaptureAdapter('email', sql, clock) : new SmtpAdapter(config.smtp, clock);
    this.sms = config.sms === undefined ? new CaptureAdapter('sms', sql, clock) : new HttpSmsAdapter(config.sms, clock);
  }

  of(channel: Channel): ChannelAdapter {
    return this[channel];
  }

  async close(): Promise<void> {
    await Promise.all([this.email.close(), this.sms.close()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
