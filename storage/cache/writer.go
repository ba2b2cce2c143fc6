package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

const (
	// spaceFloor and spaceFactor are the room a write needs: a database being
	// written holds the batch as log, as new tables and as merged ones.
	spaceFloor  = 64 << 20
	spaceFactor = 3
	// childLimit is how long a child may take. A million accounts take seconds.
	childLimit = 2 * time.Minute
	// childGrace is how long a child may take to end after it was asked to.
	childGrace = 3 * time.Second
	// talkMax bounds what is kept of a child's output.
	talkMax = 64 << 10
)

// Save makes facts, and the accounts when roster is not nil, the newest
// generation; a nil roster keeps the accounts there are. Readers see the old
// pair or the new one, never a mix. A complete roster ends the draft, because
// the pull it belonged to is over.
func (c *Cache) Save(ctx context.Context, facts *model.Facts, roster *model.Roster) error {
	j, err := json.Marshal(facts)
	if err != nil {
		return model.Fail(model.ClassInternal, opSave, "the facts cannot be encoded", "").Because(err)
	}
	size := len(j)
	if roster != nil {
		size += roster.Len() * roomPerAccount
	}
	if err := c.prepare(size); err != nil {
		return failure(opSave, err)
	}
	_, err = c.run(ctx, request{Op: doSave}, func(w *batchWriter) (closing, error) {
		return fillSave(w, facts, j, roster, c.cfg.Now())
	})
	return failure(opSave, err)
}

// roomPerAccount estimates an account's bytes before they are encoded, for the
// free-space check on this side; the child knows the true size.
const roomPerAccount = 100

func fillSave(w *batchWriter, facts *model.Facts, factsJSON []byte, roster *model.Roster, now time.Time) (closing, error) {
	at := facts.ReadAt
	if at.IsZero() {
		at = now
	}
	end := closing{Saved: now.UTC(), Facts: factsRef{At: at.UTC(), blob: w.add(classFacts, 0, factsJSON)}}
	if roster == nil {
		return end, nil
	}
	var h head
	ref := rosterRef{At: roster.AsOf().At.UTC(), Accounts: roster.Len()}
	if ref.At.IsZero() {
		ref.At = at.UTC()
	}
	var err error
	h.Roster, err = roster.Encode(func(n int, b []byte) error {
		h.Chunks = append(h.Chunks, w.add(classChunk, n, b))
		ref.Bytes += len(b)
		return w.err
	})
	if err != nil {
		return closing{}, err
	}
	b, err := encodeRecord(h)
	if err != nil {
		return closing{}, err
	}
	ref.Chunks, ref.Head = len(h.Chunks), w.add(classHead, 0, b)
	end.Roster, end.DropDraft = &ref, roster.Complete()
	return end, nil
}

// SaveDraft keeps what an unfinished pull has so far. Pieces that have not
// changed since the last call are not written again.
func (c *Cache) SaveDraft(ctx context.Context, d model.Draft) error {
	rec := draftRecord{Started: d.Started.UTC(), Pieces: make([]pieceRecord, len(d.Pieces))}
	for i, p := range d.Pieces {
		rec.Pieces[i] = pieceOf(p)
	}
	known := c.known()
	a, err := c.sendDraft(ctx, d, rec, known)
	if err == nil && a.Missing && len(known) > 0 {
		// Another process purged or rebuilt the database in between.
		_, err = c.sendDraft(ctx, d, rec, nil)
	}
	if err != nil {
		c.setKnown(nil)
		return failure(opSave, err)
	}
	c.setKnown(rec.Pieces)
	return nil
}

func (c *Cache) sendDraft(ctx context.Context, d model.Draft, rec draftRecord, known map[string]bool) (answer, error) {
	size := 0
	for i, p := range rec.Pieces {
		if !known[p.Digest] {
			size += len(d.Pieces[i].Batch)
		}
	}
	if err := c.prepare(size); err != nil {
		return answer{}, err
	}
	return c.run(ctx, request{Op: doDraft}, func(w *batchWriter) (closing, error) {
		for i, p := range rec.Pieces {
			if p.Digest != "" && !known[p.Digest] {
				w.add(classDraft, i, d.Pieces[i].Batch)
			}
		}
		return closing{Saved: c.cfg.Now().UTC(), Draft: &rec}, nil
	})
}

func (c *Cache) known() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent
}

func (c *Cache) setKnown(pieces []pieceRecord) {
	m := make(map[string]bool, len(pieces))
	for _, p := range pieces {
		m[p.Digest] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = m
}

// Purge removes everything kept for the instance, whatever state it is in; the
// lock file stays. Nothing to remove is no error.
func (c *Cache) Purge(ctx context.Context) error {
	err := c.check()
	if errors.Is(err, model.ErrNoCache) {
		return nil
	}
	if err == nil {
		_, err = c.run(ctx, request{Op: doPurge}, nil)
		err = errors.Join(err, removeRoles(c.cfg.Place.Dir, time.Now().Add(leftAfter), rolesName))
	}
	c.setKnown(nil)
	return failure(opPurge, err)
}

// repair has a child check a half. A child that dies of it,
// without anybody killing it and with room on the disk, proves damage; a second
// one then sets the half aside without opening it.
func (c *Cache) repair(ctx context.Context, h half) error {
	_, err := c.run(ctx, request{Op: doRepair, Half: h}, nil)
	died, ok := errors.AsType[*death](err)
	if !ok || !died.crashed() || c.room(0) != nil {
		return err
	}
	if _, err := c.run(ctx, request{Op: doAside, Half: h}, nil); err != nil {
		return err
	}
	return damaged("it was set aside, because looking at it failed")
}

// prepare makes the folder and refuses below the free-space floor.
func (c *Cache) prepare(batch int) error {
	if err := storage.EnsureDir(c.cfg.Caller, c.cfg.Place); err != nil {
		return err
	}
	if err := localDisk(c.cfg.Place.Dir); err != nil {
		return err
	}
	return c.room(batch)
}

func (c *Cache) room(batch int) error { return room(c.cfg.Place.Dir, batch) }

func room(dir string, batch int) error {
	free, err := storage.Free(dir)
	if err != nil {
		return err
	}
	if need := uint64(spaceFloor + spaceFactor*batch); free < need {
		return noSpace(free, need, dir)
	}
	return nil
}

// run starts a child, sends it the request with what fill adds, and returns its
// answer. That all is well counts only from a child that also ends well: Badger
// may break in a goroutine of its own while ours goes on to the answer.
func (c *Cache) run(ctx context.Context, r request, fill func(*batchWriter) (closing, error)) (answer, error) {
	if len(c.cfg.Argv) == 0 {
		return answer{}, model.Fail(model.ClassInternal, opSave, "no cache writer is configured", "")
	}
	ctx, cancel := context.WithTimeout(ctx, childLimit)
	defer cancel()
	r.Dir, r.Modes, r.User = c.cfg.Place.Dir, c.cfg.Place.Modes, c.cfg.User
	r.Wait = c.patience.left(c.cfg.Now())
	var out, talk capped
	cmd := c.command(ctx, &out, &talk)
	in, err := cmd.StdinPipe()
	if err != nil {
		return answer{}, err
	}
	if err := cmd.Start(); err != nil {
		return answer{}, model.Fail(model.ClassStorage, opSave, "the cache writer cannot be started: "+err.Error(), "").Because(err)
	}
	sendErr := send(in, r, fill)
	in.Close()
	waitErr := cmd.Wait()
	a, err := readAnswer(out.Bytes())
	switch {
	case err == nil && (cmd.ProcessState.Success() || !a.OK):
		err := a.err() // an early refusal also breaks the pipe
		c.patience.learn(err, c.cfg.Now())
		return a, err
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case sendErr != nil && !errors.Is(sendErr, syscall.EPIPE):
		return answer{}, sendErr
	}
	return answer{}, &death{state: cmd.ProcessState, err: waitErr, talk: talk.String()}
}

// command is the child: no environment, so no token; a process group of its
// own, so that ctrl-c at the terminal does not end it in the middle; asked to
// end before it is killed.
func (c *Cache) command(ctx context.Context, out, talk io.Writer) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.cfg.Argv[0], c.cfg.Argv[1:]...)
	cmd.Env = []string{}
	cmd.Stdout, cmd.Stderr = out, talk
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = childGrace
	return cmd
}

func send(w io.Writer, r request, fill func(*batchWriter) (closing, error)) error {
	j, err := json.Marshal(r)
	if err != nil {
		return err
	}
	b := &batchWriter{frameWriter: newFrameWriter(w)}
	b.frame(frameRequest, j)
	var end closing
	if fill != nil {
		if end, err = fill(b); err != nil {
			return err // without a closing frame the child changes nothing
		}
	}
	end.Parts = b.parts
	if j, err = json.Marshal(end); err != nil {
		return err
	}
	b.frame(frameEnd, j)
	return b.flush()
}

// batchWriter cuts blobs into parts.
type batchWriter struct {
	*frameWriter
	parts int
}

func (w *batchWriter) add(class class, n int, data []byte) blob {
	for part := range parts(len(data)) {
		var head [partHead]byte
		head[0] = byte(class)
		binary.BigEndian.PutUint32(head[1:], uint32(n))
		binary.BigEndian.PutUint32(head[5:], uint32(part))
		w.frame(framePart, head[:], data[part*partMax:min(len(data), (part+1)*partMax)])
		w.parts++
	}
	return blobOf(data)
}

func readAnswer(b []byte) (answer, error) {
	r, err := newFrameReader(bytes.NewReader(b))
	if err != nil {
		return answer{}, err
	}
	kind, payload, err := r.next()
	if err != nil {
		return answer{}, err
	}
	var a answer
	if kind != frameAnswer {
		return answer{}, errFrame
	}
	return a, errors.Join(json.Unmarshal(payload, &a))
}

// death is a child that ended without an answer, or broke while it gave one. What was kept before it stays.
type death struct {
	state *os.ProcessState
	err   error
	talk  string // the end of what it wrote to stderr; never shown
}

// crashed tells a child that broke from one that somebody ended.
func (d *death) crashed() bool {
	if st, ok := d.state.Sys().(syscall.WaitStatus); ok && st.Signaled() {
		switch st.Signal() {
		case syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT:
			return false
		}
	}
	return true
}

func (d *death) Error() string {
	how := d.state.String()
	if bytes.Contains([]byte(d.talk), []byte("SIGBUS")) {
		how = "the disk is full or failing"
	}
	return fmt.Sprintf("the cache writer ended without an answer (%s); what was kept before stays", how)
}

func (d *death) Unwrap() error { return d.err }

// capped keeps the first bytes of an output and swallows the rest.
type capped struct{ bytes.Buffer }

func (c *capped) Write(p []byte) (int, error) {
	if room := talkMax - c.Len(); room > 0 {
		c.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
