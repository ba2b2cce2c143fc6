package model

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// batchVersion is the first byte of every batch.
const batchVersion = 0xb1

// EncodeBatch encodes accounts in the order given, doubles and all, for a pull
// that may have to go on later. A batch stands alone: it carries its own names
// of identity providers and its own checksum.
func EncodeBatch(accounts []Account) []byte {
	names, index := []string{}, map[string]uint32{}
	at := make([]uint32, len(accounts))
	for i, a := range accounts {
		p := Clean(a.Provider.s).s
		k, ok := index[p]
		if !ok {
			k = uint32(len(names))
			index[p], names = k, append(names, p)
		}
		at[i] = k
	}
	n := len(accounts)
	b := beginSealed(batchVersion, n, 96*n)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = append(append(b, name...), sepByte)
	}
	b = appendIDs(b, n, func(i int) int64 { return accounts[i].ID })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(accounts[i].State) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(accounts[i].Flags) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(accounts[i].Created) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(accounts[i].LastActivity) })
	b = appendColumn(b, n, func(i int) uint32 { return uint32(accounts[i].LastSignIn) })
	b = appendColumn(b, n, func(i int) uint32 { return at[i] })
	for _, a := range accounts {
		for _, t := range [...]Text{a.Username, a.Name, a.Email} {
			b = append(append(b, Clean(t.s).s...), sepByte)
		}
	}
	return seal(b)
}

// DecodeBatch reads what [EncodeBatch] made. Damage gives a *Error of class
// storage and no accounts.
func DecodeBatch(b []byte) ([]Account, error) {
	accounts, ok := decodeBatch(b)
	if !ok {
		return nil, Fail(ClassStorage, "read an interrupted pull", errDamaged.Error(), "a refresh starts the pull again").Because(errDamaged)
	}
	return accounts, nil
}

func decodeBatch(b []byte) ([]Account, bool) {
	c, n := openSealed(batchVersion, b)
	names := c.names()
	if c.bad {
		return nil, false
	}
	var (
		ids                               = make([]int64, n)
		state                             = make([]State, n)
		flags                             = make([]Flags, n)
		created, lastActivity, lastSignIn = make([]Day, n), make([]Day, n), make([]Day, n)
		provider                          = make([]uint32, n)
	)
	c.ids(ids)
	readColumn(c, state)
	readColumn(c, flags)
	readColumn(c, created)
	readColumn(c, lastActivity)
	readColumn(c, lastSignIn)
	readColumn(c, provider)
	accounts := make([]Account, n)
	for i := range accounts {
		size := recordSize(c.b)
		if c.bad || size == 0 || state[i] > StateBanned || int(provider[i]) >= len(names) {
			return nil, false
		}
		fields := strings.SplitN(string(c.take(size)), sep, recordFields+1)
		accounts[i] = Account{
			ID: ids[i], State: state[i], Flags: flags[i], Provider: names[provider[i]],
			Created: created[i], LastActivity: lastActivity[i], LastSignIn: lastSignIn[i],
			Username: Clean(fields[0]), Name: Clean(fields[1]), Email: Clean(fields[2]),
		}
	}
	return accounts, !c.bad && len(c.b) == 0
}

// names reads the dictionary of identity providers.
func (r *columnReader) names() []Text {
	count, size := binary.Uvarint(r.b)
	if r.bad || size <= 0 || count > uint64(len(r.b)) {
		r.fail()
		return nil
	}
	r.take(size)
	names := make([]Text, 0, count)
	for range count {
		end := bytes.IndexByte(r.b, sepByte)
		if end < 0 {
			r.fail()
			return nil
		}
		names = append(names, Clean(string(r.take(end + 1)[:end])))
	}
	return names
}

// AppendBatch adds a batch of accounts to those in b, for [DecodeBatches].
func AppendBatch(b []byte, accounts []Account) []byte {
	batch := EncodeBatch(accounts)
	return append(binary.AppendUvarint(b, uint64(len(batch))), batch...)
}

// DecodeBatches reads what any number of calls of [AppendBatch] made. Damage
// gives a *Error of class storage and no accounts.
func DecodeBatches(b []byte) ([]Account, error) {
	var out []Account
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, Fail(ClassStorage, "read an interrupted pull", errDamaged.Error(), "a refresh starts the pull again").Because(errDamaged)
		}
		accounts, err := DecodeBatch(b[size : size+int(n)])
		if err != nil {
			return nil, err
		}
		out, b = append(out, accounts...), b[size+int(n):]
	}
	return out, nil
}
