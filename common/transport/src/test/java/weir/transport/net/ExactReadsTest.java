package weir.transport.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ExactReadsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(ExactReads.HANDLER);

    private static ByteBuf read(int bytes) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
        for (int i = 0; i < bytes; i++) {
            buffer.writeByte(i);
        }
        return buffer;
    }

    @Test
    void read_ofFewBytes_holdsNoMoreThanThose() {
        ByteBuf came = read(3);

        channel.writeInbound(came);

        ByteBuf passed = channel.readInbound();
        assertThat(ByteBufUtil.getBytes(passed)).containsExactly(0, 1, 2);
        assertThat(passed.capacity()).isEqualTo(3);
        assertThat(came.refCnt()).isZero();
        passed.release();
    }

    @Test
    void read_ofMostOfTheBuffer_isPassedAsItIs() {
        ByteBuf came = read(3000);

        channel.writeInbound(came);

        ByteBuf passed = channel.readInbound();
        assertThat(passed).isSameAs(came);
        passed.release();
    }
}
