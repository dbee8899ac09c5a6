package io.keysetsync.paging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The mapper for pages: numbers keep their digits, and anything after the document is an error. A text may be as long as
 * its page; Jackson's own limits bound how deep values nest, and how many digits a number has.
 */
public final class PageJson extends JsonMapper {

    private static final long serialVersionUID = 1L;

    /**
     * Bytes of the heap that are reserved for each token of a page's JSON, so that a page of many small values can't
     * exhaust the heap: as a node, a value takes about 80 bytes.
     */
    private static final int HEAP_PER_TOKEN = 200;

    /** The source that reads a stream's pages, with a mapper that the stream's route creates. */
    public interface User {

        /** Takes the mapper that reads this stream's pages. */
        void readsPagesWith(PageJson json);
    }

    public PageJson() {
        super(JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(bounds(1))
                .build());
        enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        setConfig(getDeserializationConfig().without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES));
    }

    /** Makes this mapper known to the source of the stream; Camel's bean binding calls it. */
    public void setUser(User user) {
        user.readsPagesWith(this);
    }

    /** Limits the size of a page so that the heap can hold the given number of pages at the same time. */
    public void shareHeapAmong(int pages) {
        getFactory().setStreamReadConstraints(bounds(pages));
    }

    private static StreamReadConstraints bounds(int pages) {
        return StreamReadConstraints.builder()
                .maxStringLength(Integer.MAX_VALUE)
                .maxTokenCount(Runtime.getRuntime().maxMemory() / HEAP_PER_TOKEN / pages)
                .build();
    }
}
