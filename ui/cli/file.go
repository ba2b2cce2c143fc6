package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"seatdeck/model"
)

const opWrite = "write the file"

// writeFile writes a file that appears whole or not at all, for its owner only.
// Without force an existing one, of any kind, is left alone, also one that
// appears while this one is written. With force a file is replaced, and nothing
// that is not one: no device, pipe, folder or link.
func writeFile(path string, force bool, fill func(io.Writer) error) error {
	switch info, err := os.Lstat(path); {
	case err != nil:
	case !info.Mode().IsRegular():
		return notAFile(path, info.Mode())
	case !force:
		return taken(path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".seatdeck-*")
	if err != nil {
		return fileFault(path, err)
	}
	defer os.Remove(f.Name()) // fails, as it should, once the file has its name
	if err := fillFile(f, fill); err != nil {
		return fileFault(path, err)
	}
	if force {
		return fileFault(path, os.Rename(f.Name(), path))
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return taken(path)
	}
	if err == nil {
		return nil
	}
	// Some file systems have no links. The window this leaves is as short as can be.
	if _, e := os.Lstat(path); e == nil {
		return taken(path)
	}
	return fileFault(path, os.Rename(f.Name(), path))
}

// fillFile writes, makes durable and closes.
func fillFile(f *os.File, fill func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 64<<10)
	err := fill(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func taken(path string) *model.Error {
	return model.Fail(model.ClassRefused, opWrite, "there is a file called "+path+" already", "choose another name, or replace it with --force")
}

func notAFile(path string, mode fs.FileMode) *model.Error {
	what := "a device"
	switch mode.Type() {
	case fs.ModeDir:
		what = "a folder"
	case fs.ModeSymlink:
		what = "a symbolic link"
	case fs.ModeNamedPipe:
		what = "a pipe"
	case fs.ModeSocket:
		what = "a socket"
	}
	return model.Fail(model.ClassRefused, opWrite, path+" is "+what+", not a file", "choose another name; --force replaces files only")
}

// fileFault words what the system said about a file.
func fileFault(path string, err error) error {
	if err == nil {
		return nil
	}
	var known *model.Error
	if errors.As(err, &known) {
		return err
	}
	cause := err
	var p *fs.PathError
	if errors.As(err, &p) {
		cause = p.Err
	}
	return model.Fail(model.ClassStorage, opWrite, path+": "+cause.Error(), "choose a place that can be written").Because(err)
}
