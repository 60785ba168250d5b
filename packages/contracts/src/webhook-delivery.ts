/** What a delivery is known by to whoever receives it: the same each time it is tried. @param eventId of the call. */
export function deliveryId(eventId: string, webhookId: string): string {
  return `${eventId}-${webhookId}`;
}
