package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import weir.journal.Stage.Piece;

class StageTest {
    @Test
    void take_ofNothing_staysEmptyWhateverIsStagedLater() {
        Stage stage = new Stage();

        Piece nothing = stage.take();
        stage.callback((_, _) -> {}, 1);

        assertThat(nothing.isEmpty()).isTrue();
        assertThat(stage.take().isEmpty()).isFalse();
    }
}
