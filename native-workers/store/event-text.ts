/** Event rows as one line in words. Must not know where the rows come from. */
import {
  AuctionField,
  EventKind,
  kindName,
  OfficialPriceCode,
  StatusCode,
  UnparseableReason,
  type Instrument,
} from '../../core/model/index.ts';
import { canonicalFromUnits } from '../../core/units/index.ts';

/** An event row with its amounts as decimal text. */
export interface EventFacts {
  readonly kind: number;
  readonly side: number;
  readonly code: number;
  readonly price: string;
  readonly size: string;
  /** Size as stored, with nine decimals: counts are its digits without the point. */
  readonly sizeStored: string;
  readonly sequence: number;
  readonly ref: number;
  readonly instrument: Instrument | null;
}

/** Returns the kind's name and a sentence about the row. */
export function eventText(facts: EventFacts): { name: string; text: string } {
  const name = kindName(facts.kind);
  const subject = facts.instrument === null ? 'The session' : facts.instrument.symbol;
  return { name, text: `${subject}: ${words(facts, name)}` };
}

function words(facts: EventFacts, name: string): string {
  const count = Number(facts.sizeStored.replace('.', ''));
  switch (facts.kind) {
    case EventKind.status:
      return STATUS_WORDS[facts.code] ?? `status ${facts.code}`;
    case EventKind.gap:
      return `${count === 0 ? 'messages' : plural(count, 'message')} missing, from ${facts.sequence} to before ${facts.ref}`;
    case EventKind.restart:
      return 'the stream began again; books were cleared';
    case EventKind.duplicate:
      return `${plural(count, 'message')} came twice, from ${facts.sequence}, and were skipped`;
    case EventKind.disconnect:
      return 'the connection or file ended and another began';
    case EventKind.late:
      return `${plural(count, 'message')} older than the image dropped`;
    case EventKind.unparseable:
      return `a message could not be read: ${nameOf(UnparseableReason, facts.code)}`;
    case EventKind.truncated:
      return `the file ends inside a record, ${plural(count, 'byte')} left over`;
    case EventKind.timeStep:
      return `receive time stepped back by ${count} ns`;
    case EventKind.auction:
      return `auction ${nameOf(AuctionField, facts.code)}: price ${facts.price}, size ${facts.size}`;
    case EventKind.officialPrice:
      return `official ${nameOf(OfficialPriceCode, facts.code)} price ${facts.price}`;
    case EventKind.crossed:
      return `the book is crossed: best bid ${facts.price}, best ask ${canonicalFromUnits(facts.ref, facts.instrument?.priceScale ?? 0)}`;
    case EventKind.unknownOrder:
      return `order ${facts.ref} was named but is not in the book`;
    default:
      return name;
  }
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  [StatusCode.trading]: 'trading',
  [StatusCode.halted]: 'trading halted',
  [StatusCode.pausedAcceptingOrders]: 'paused, orders accepted',
  [StatusCode.paused]: 'paused',
  [StatusCode.operationalHalt]: 'operational halt',
  [StatusCode.operationalHaltCleared]: 'operational halt over',
  [StatusCode.shortSaleRestrictionOff]: 'no short sale restriction',
  [StatusCode.shortSaleRestrictionOn]: 'short sale restriction',
  [StatusCode.retailInterestNone]: 'no retail interest',
  [StatusCode.retailInterestBid]: 'retail interest to buy',
  [StatusCode.retailInterestAsk]: 'retail interest to sell',
  [StatusCode.retailInterestBoth]: 'retail interest on both sides',
  [StatusCode.startOfMessages]: 'start of messages',
  [StatusCode.startOfSystemHours]: 'start of system hours',
  [StatusCode.startOfRegularHours]: 'start of regular hours',
  [StatusCode.endOfRegularHours]: 'end of regular hours',
  [StatusCode.endOfSystemHours]: 'end of system hours',
  [StatusCode.endOfMessages]: 'end of messages',
  [StatusCode.openingProcessComplete]: 'opening process complete',
  [StatusCode.closingProcessComplete]: 'closing process complete',
  [StatusCode.securityDirectory]: 'listed by the venue',
};

function nameOf(codes: Readonly<Record<string, number>>, code: number): string {
  const name = Object.entries(codes).find(([, value]) => value === code)?.[0];
  return name === undefined ? `code ${code}` : name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
