package model

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math"
	"time"
)

// rolesVersion is the form of encoded roles.
const rolesVersion = 1

// errRoleOrder says that roles came out of order: somebody would be missing, or
// twice.
var errRoleOrder = errors.New("roles are not by ascending account id")

// HostRolesBuilder takes roles as they come, by ascending account id. The zero
// builder is ready.
type HostRolesBuilder struct {
	last  int64
	count int
	body  []byte
}

// Add takes the next account.
func (b *HostRolesBuilder) Add(h HighestRole) error {
	if h.UserID <= b.last || b.count == MaxAccounts {
		return errRoleOrder
	}
	b.body = binary.AppendUvarint(b.body, uint64(h.UserID-b.last))
	b.body = append(b.body, byte(HostRoleOf(h)))
	b.last, b.count = h.UserID, b.count+1
	return nil
}

// Last is the id of the newest account; 0 before the first.
func (b *HostRolesBuilder) Last() int64 { return b.last }

// Len is how many accounts there are so far.
func (b *HostRolesBuilder) Len() int { return b.count }

// Build returns the roles. The builder must not be used afterwards. plan is the
// one whose rules the server counted by.
func (b *HostRolesBuilder) Build(asOf AsOf, plan Plan) *HostRoles {
	return &HostRoles{asOf: asOf, ultimate: plan.IsUltimate(), count: b.count, body: b.body}
}

// rolesHead is what stands before encoded roles, behind their seal.
type rolesHead struct {
	At       time.Time `json:"at"`
	Source   Source    `json:"source"`
	Ultimate bool      `json:"ultimate"`
}

// Encode returns the roles as bytes with a checksum, two for each account.
func (x *HostRoles) Encode() ([]byte, error) {
	head, err := json.Marshal(rolesHead{x.asOf.At.UTC(), x.asOf.Source, x.ultimate})
	if err != nil {
		return nil, err
	}
	b := beginSealed(rolesVersion, x.count, sealedHead+2+len(head)+len(x.body))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(head)))
	return seal(append(append(b, head...), x.body...)), nil
}

// DecodeHostRoles reads what [HostRoles.Encode] wrote. Anything else is an error
// and never a panic.
func DecodeHostRoles(b []byte) (*HostRoles, error) {
	if len(b) < sealedHead+2 || b[0] != rolesVersion || !sealed(b) {
		return nil, errDamaged
	}
	count, rest := int(binary.LittleEndian.Uint32(b[5:])), b[sealedHead:]
	size := int(binary.LittleEndian.Uint16(rest))
	if rest = rest[2:]; size > len(rest) {
		return nil, errDamaged
	}
	var head rolesHead
	if json.Unmarshal(rest[:size], &head) != nil {
		return nil, errDamaged
	}
	body := rest[size:]
	if !rolesIn(body, count) {
		return nil, errDamaged
	}
	return &HostRoles{asOf: AsOf{head.At, head.Source}, ultimate: head.Ultimate, count: count, body: body}, nil
}

// rolesIn reports whether the bytes are the roles of so many accounts.
func rolesIn(b []byte, count int) bool {
	id := int64(0)
	for range count {
		gap, n := binary.Uvarint(b)
		if n <= 0 || len(b) == n || gap == 0 || gap > uint64(math.MaxInt64-id) {
			return false
		}
		if r := HostRole(b[n]); r >= hostRoles || int(r&hostLevelBits) >= len(hostLevels) {
			return false
		}
		id += int64(gap)
		b = b[n+1:]
	}
	return len(b) == 0
}

// sealed reports whether the bytes are those that were sealed.
func sealed(b []byte) bool {
	return binary.LittleEndian.Uint32(b[1:]) == crc32.Checksum(b[5:], castagnoli)
}
