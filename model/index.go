package model

import "slices"

// Index is a choice of rows of one roster, by row number. What [Filter] returns
// is ascending, which is by account id; [SortIndex] puts it into other orders.
// An Index is never changed once it is handed on.
type Index []int32

// All returns the index of every row.
func (r *Roster) All() Index {
	idx := make(Index, r.Len())
	for i := range idx {
		idx[i] = int32(i)
	}
	return idx
}

// IDs returns the account ids of the rows, in the index's order.
func (r *Roster) IDs(idx Index) []int64 {
	ids := make([]int64, len(idx))
	for k, i := range idx {
		ids[k] = r.ids[i]
	}
	return ids
}

// IndexOf returns the rows of the account ids that this roster has, ascending.
// It carries a choice over to a newer roster.
func (r *Roster) IndexOf(ids []int64) Index {
	idx := make(Index, 0, len(ids))
	for _, id := range ids {
		if i, ok := r.ByID(id); ok {
			idx = append(idx, int32(i))
		}
	}
	slices.Sort(idx)
	return slices.Compact(idx)
}

// ascending returns the index in row order: itself when it is so already.
func (idx Index) ascending() Index {
	if slices.IsSorted(idx) {
		return idx
	}
	c := slices.Clone(idx)
	slices.Sort(c)
	return c
}
