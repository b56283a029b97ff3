package weir.testing;

import java.util.List;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;

/**
 * A sender that wants to know when the backend has what it sent.
 *
 * @param answers where to put how deliveries ended
 */
public record AwaitingCallback(List<Delivery> answers) implements DeliveryCallback {
    @Override
    public void complete(Delivery delivery) {
        answers.add(delivery);
    }

    @Override
    public boolean awaitsBackend() {
        return true;
    }
}
