import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';

/** What became of the mails of one sending domain in one hour: names nobody. */
@Entity('delivery_count')
export class DeliveryCountRow {
  @PrimaryColumn('text')
  domain!: string;

  @PrimaryColumn(instantColumn)
  hour!: Instant;

  @Column('integer', { default: 0 })
  handed!: number;

  @Column('integer', { default: 0 })
  failed!: number;

  @Column('integer', { default: 0 })
  bounced!: number;

  @Column('integer', { default: 0 })
  complained!: number;
}
