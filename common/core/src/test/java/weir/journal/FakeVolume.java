package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A volume in memory that fills up, breaks, and loses power in the middle of a write. */
final class FakeVolume implements Volume {
    /** Thrown by the write in which the power went. */
    static final class PowerLoss extends Error {
        private static final long serialVersionUID = 1;
    }

    final Map<String, byte[]> files = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    long capacity = Long.MAX_VALUE;
    /** How many bytes may be written before the power goes. */
    long powerFor = Long.MAX_VALUE;

    boolean broken;
    /** Called by a write that fails, as by another thread. */
    Runnable meanwhile = () -> {};

    boolean syncsFail;
    boolean closed;

    /** As another process finds it. */
    FakeVolume copy() {
        FakeVolume copy = new FakeVolume();
        files.forEach((name, bytes) -> copy.files.put(name, bytes.clone()));
        return copy;
    }

    byte[] file(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? new byte[0] : bytes;
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public VolumeFile open(String name) {
        return new FakeFile(name);
    }

    @Override
    public VolumeFile create(String name) {
        files.put(name, new byte[0]);
        return new FakeFile(name);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void sync() {
        events.add("sync directory");
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "memory";
    }

    private long taken() {
        return files.values().stream().mapToLong(b -> b.length).sum();
    }

    private final class FakeFile implements VolumeFile {
        private final String name;

        private FakeFile(String name) {
            this.name = name;
        }

        private byte[] bytes() {
            return file(name);
        }

        @Override
        public long size() {
            return bytes().length;
        }

        @Override
        public void read(ByteBuffer into, long position) {
            byte[] bytes = bytes();
            int n = (int) Math.min(into.remaining(), Math.max(0, bytes.length - position));
            into.put(bytes, (int) Math.min(position, bytes.length), n);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            if (broken) {
                meanwhile.run();
                throw new IOException("input/output error");
            }
            int end = (int) position + from.remaining();
            byte[] bytes = bytes();
            if (end > bytes.length) {
                if (taken() + end - bytes.length > capacity) {
                    throw new IOException("no space left on device");
                }
                bytes = Arrays.copyOf(bytes, end);
                files.put(name, bytes);
            }
            int n = (int) Math.min(from.remaining(), powerFor);
            from.get(bytes, (int) position, n);
            powerFor -= n;
            if (from.hasRemaining()) {
                throw new PowerLoss();
            }
            events.add("write");
        }

        @Override
        public void force() throws IOException {
            events.add("force");
            if (syncsFail) {
                throw new IOException("sync failed");
            }
        }

        @Override
        public void close() {}
    }
}
