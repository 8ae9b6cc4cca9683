import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Id } from '../shared/ids.ts';

/** Where a contact's chain ends, kept apart from it: entries missing at its end show (rule C2). */
@Entity('consent_head')
export class ConsentHeadRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @Column('integer')
  ordinal!: number;

  @Column('text')
  hash!: string;
}
