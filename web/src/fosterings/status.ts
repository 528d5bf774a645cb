export type Status = 'PENDING' | 'APPROVED' | 'REJECTED' | 'CANCELLED' | 'ACTIVE' | 'COMPLETED'

/** Reports whether a fostering is requested or promised, and has not ended. */
export const isOpen = (status: Status) => status === 'PENDING' || status === 'APPROVED' || status === 'ACTIVE'

/** Reports whether the participant may cancel a fostering; only its participant sees it so. */
export const canCancel = (status: Status) => status === 'PENDING' || status === 'APPROVED'
