package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a journal keeps its files, for itself alone: a directory; in tests, something that fills up and breaks. Calls may
 * block. Its {@code toString} is a name for people.
 */
public interface Volume extends AutoCloseable {
    /** The names of the files there are. */
    List<String> list() throws IOException;

    VolumeFile open(String name) throws IOException;

    /** Makes an empty file; one of that name that is there already is emptied. */
    VolumeFile create(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Makes sure that files which were made or deleted stay so when the node dies. */
    void sync() throws IOException;

    @Override
    void close();

    /** A file of positioned reads and writes. Reads and {@link #force} may go on while another thread writes. */
    interface VolumeFile extends AutoCloseable {
        long size() throws IOException;

        /** Fills a buffer from a position on, as far as the file goes. */
        void read(ByteBuffer into, long position) throws IOException;

        /** Writes all that remains in a buffer. */
        void write(ByteBuffer from, long position) throws IOException;

        /** Makes sure that what was written outlives the node. One that has failed must not be taken for done the next time. */
        void force() throws IOException;

        @Override
        void close();
    }
}
