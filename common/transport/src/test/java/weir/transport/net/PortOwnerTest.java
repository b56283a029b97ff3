package weir.transport.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PortOwnerTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void of_ownPort_isThisProcess() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortOwner.of(socket.getLocalPort())).isEqualTo("this process itself");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void of_anotherProgramsPort_namesTheProcessAndWhatItRuns(@TempDir Path directory) throws IOException {
        Path program = Files.writeString(directory.resolve("Listen.java"), """
                void main(String[] arguments) throws Exception {
                    try (var socket = new java.net.ServerSocket(0)) {
                        System.out.println(socket.getLocalPort());
                        System.in.read();
                    }
                }
                """);
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), program.toString(), "--token=secret")
                .start();
        try (BufferedReader out = process.inputReader()) {
            int port = Integer.parseInt(out.readLine());

            assertThat(PortOwner.of(port)).isEqualTo("process " + process.pid() + " (java)");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void of_freePort_isNobodyInParticular() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(PortOwner.of(free)).isEqualTo("another process");
    }
}
